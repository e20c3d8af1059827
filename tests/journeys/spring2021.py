"""What was known in May 2021, with its sources, and the hotels invented for the story.

Every fact is dated and sourced. Hotels and their hosts are invented, their prices taken from published ones
of that time; a remark names the row of hosting_terms.csv.
"""

from dataclasses import dataclass
from datetime import date

SCMP = {
    "publisher": "SCMP; HistRove",
    "url": "https://www.scmp.com/tech/policy/article/3134473/china-escalates-crackdown-bitcoin-mining-trading",
}
UTODAY = "https://u.today/chinas-inner-mongolia-publishes-details-of-bitcoin-mining-ban"
HISTROVE = (
    "https://raw.githubusercontent.com/d4np4yn3-netizen/Lore/dd4c763302596652a166a0ce6fd4cac5b68b2fb5/"
    "book/crypto-season-01/histrove-v1/072-china-s-mining-crackdown-histrove-v1.pdf"
)
WE_LEGAL = "https://welegal.kz/en/expert-advice/articles/crypto-mining-in-kazakhstan"
PWC = "https://pwc.com/kz/en/pwc-news/ta-reports/tax-legal-alert-fy19/100-november-2021.html"

# What a reader of May 2021 could know of the law: place, status, first day, as of, publisher, address and
# how sure.
FACTS = (
    ("KZ", "legal_unregulated", date(2020, 10, 13), "2020-10-13", "WE Legal (Order 384)", WE_LEGAL, "medium"),
    (
        "US-WY",
        "legal_unregulated",
        date(2021, 4, 15),
        "2021-04-15",
        "TechStory",
        "https://techstory.in/gordon-signs-bill-exempting-wyoming-natural-gas-flared-for-cryptocurrency-"
        "mining-from-taxation/",
        "medium",
    ),
    (
        "US-KY",
        "legal_unregulated",
        date(2021, 7, 1),
        "2021-03-25",
        "Kentucky General Assembly (HB 230, Acts Ch. 122)",
        "https://apps.legislature.ky.gov/record/21rs/hb230.html",
        "high",
    ),
    (
        "CA-QC",
        "legal_licensed",
        date(2019, 4, 29),
        "2019-04-29",
        "La Presse",
        "https://www.lapresse.ca/affaires/economie/201904/29/"
        "01-5223939-pas-de-hausse-de-tarif-delectricite-pour-les-cryptomonnaies.php",
        "high",
    ),
    (
        "GE-AB",
        "banned",
        date(2019, 1, 1),
        "2018-12",
        "ForkLog",
        "https://forklog.com/en/abkhazias-draft-law-proposes-prison-for-cryptocurrency-mining/amp",
        "high",
    ),
    (
        "CN-NM",
        "restricted",
        date(2019, 10, 1),
        "2019-09",
        "CryptoNewsPoint",
        "https://www.cryptonewspoint.com/2019/09/16/china-to-ban-crypto-mining-in-inner-mongolia/",
        "medium",
    ),
)
# Federal Reserve monthly averages, USD per unit; each counts from the day after its month.
RATES = (
    (date(2021, 5, 1), "CNY", "0.1534071733"),
    (date(2021, 5, 1), "CAD", "0.8003841844"),
    (date(2021, 6, 1), "CNY", "0.1554702197"),
    (date(2021, 7, 1), "CNY", "0.1556420233"),
    (date(2021, 8, 1), "CNY", "0.1544091534"),
    (date(2021, 9, 1), "CNY", "0.1543972332"),
)
FED = {
    "source": "Federal Reserve (FRED) monthly averages via github datasets/exchange-rates",
    "source_url": "https://github.com/datasets/exchange-rates",
    "confidence": "high",
}

KZ_NOTICE, QC_BLOCK = "kz-mining-notice", "qc-block-allocation"
# Rules that held already: place, first day, licence, title, source, address, how sure.
RULES = (
    (
        "KZ",
        date(2020, 10, 13),
        KZ_NOTICE,
        "Order 384: whoever mines tells the ministry",
        "WE Legal",
        WE_LEGAL,
        "medium",
    ),
    (
        "CA-QC",
        date(2019, 4, 29),
        QC_BLOCK,
        "A place in the block of 300 MW for mining",
        "La Presse",
        "https://www.lapresse.ca/affaires/economie/201904/29/"
        "01-5223939-pas-de-hausse-de-tarif-delectricite-pour-les-cryptomonnaies.php",
        "high",
    ),
)


@dataclass(frozen=True)
class Hotel:
    """A mining hotel of the story. kw: (kW, first day); price in the currency per kWh; tiers: (kW, price)."""

    key: str
    name: str
    code: str
    price: str | None
    kw: tuple[tuple[int, date], ...]
    min_kw: int
    currency: str = "USD"
    min_term: int = 12
    tiers: tuple[tuple[int, str], ...] = ()
    papers: tuple[str, str] | None = None
    reputation: int | None = None


HOTELS = (
    # The top of the published range 0.03-0.043 (HT067); 20 MW from July, 60 in all.
    Hotel(
        "steppe",
        "Ekibastuz Hall",
        "KZ",
        "0.043000",
        ((20_000, date(2021, 7, 1)), (40_000, date(2021, 10, 1))),
        1_000,
        papers=("KZ", KZ_NOTICE),
        reputation=8_000,
    ),
    # The middle of that range, by somebody who has told the ministry nothing.
    Hotel("irtysh", "Irtysh Yard", "KZ", "0.036500", ((12_000, date(2021, 5, 10)),), 500),
    # US contracts of 2021: 0.05-0.06 (HT056).
    Hotel("flare", "Flare Gate", "US-WY", "0.055000", ((10_000, date(2021, 6, 15)),), 500, reputation=7_000),
    Hotel("green", "Green River Rooms", "US-KY", "0.050000", ((20_000, date(2021, 6, 1)),), 1_000),
    # 0.0453 is the average of all hosts that a large buyer told on that very Monday (HT005, 36 months).
    Hotel(
        "mesquite", "Mesquite Flat", "US-TX", "0.045300", ((100_000, date(2021, 9, 1)),), 4_000, min_term=36
    ),
    # Published tiers, in Canadian dollars (HT060 to HT062).
    Hotel(
        "erable",
        "Érable Froid",
        "CA-QC",
        None,
        ((5_000, date(2021, 5, 10)),),
        100,
        currency="CAD",
        tiers=((0, "0.125000"), (30, "0.118100"), (60, "0.111100")),
        papers=("CA-QC", QC_BLOCK),
    ),
    # A price nobody can beat, where it is forbidden (0.03 as in KZ: HT066).
    Hotel("sukhum", "Sukhum Cellar", "GE-AB", "0.030000", ((8_000, date(2021, 5, 10)),), 100),
    # Tiers of a Chinese vendor of 2018: 0.30 from 1,000 machines, 0.25 from 2,000 (HT070, HT071).
    Hotel(
        "grassland",
        "Grassland Hall",
        "CN-NM",
        "0.300000",
        ((30_000, date(2021, 5, 10)),),
        150,
        currency="CNY",
    ),
    Hotel(
        "minjiang", "Minjiang Hydro", "CN-SC", "0.250000", ((30_000, date(2021, 5, 10)),), 150, currency="CNY"
    ),
)
