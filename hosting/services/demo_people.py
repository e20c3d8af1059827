"""The demo's cast: who can sign in, and the organizations of an invented market. None of them exists."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from accounts.models import Licence, Organization, Role, SanctionsResult, User
from accounts.services import consents, licences, organizations
from accounts.services import people as persons

PASSWORD = "mining-hotel-demo"

# Who can sign in: e-mail, password, and what they are for.
PEOPLE = (
    ("hanna@example.org", PASSWORD, _("owner of the host fjellro")),
    ("min@example.org", PASSWORD, _("owner of the miner longtan-digital")),
    ("mina@example.org", PASSWORD, _("trader in longtan-digital")),
    ("sam@example.org", PASSWORD, _("staff")),
    ("sara@example.org", PASSWORD, _("staff, the second pair of eyes")),
    ("paul@example.org", PASSWORD, _("owner of the partner atlas-index")),
    ("mallory@example.org", PASSWORD, _("belongs to nobody")),
)
STAFF = ("sam@example.org", "sara@example.org")


@dataclass(frozen=True, slots=True)
class Company:
    """An invented organization. licences: (place, type, seen by staff). owner: a name of PEOPLE, if one of
    them."""

    handle: str
    legal_name: str
    country: str
    kinds: tuple[str, ...]
    owner: str = ""
    reputation: int | None = None
    licences: tuple[tuple[str, str, bool], ...] = ()
    is_verified: bool = True


COMPANIES = (
    Company(
        "fjellro",
        "Fjellro Kraftrom AS",
        "NO",
        ("host",),
        owner="hanna",
        reputation=8600,
        licences=(("NO", "no-datacentre-register", True),),
    ),
    Company("hraun-hysing", "Hraun Hýsing ehf.", "IS", ("host",), reputation=7400),
    Company("caprock-halls", "Caprock Halls LLC", "US", ("host",), reputation=7900),
    Company(
        "tallgrass-yards",
        "Tallgrass Yards LLC",
        "US",
        ("host",),
        reputation=6800,
        licences=(("US-AR", "ar-ogc-mining-permit", True),),
    ),
    # Its permit is on file, but nobody has seen the paper: it does not count.
    Company(
        "delta-levee",
        "Delta Levee Power LLC",
        "US",
        ("host",),
        licences=(("US-AR", "ar-ogc-mining-permit", False),),
    ),
    Company(
        "erable-froid",
        "Érable Froid inc.",
        "CA",
        ("host",),
        reputation=8100,
        licences=(("CA-QC", "qc-block-allocation", True),),
    ),
    Company(
        "selenga-rooms",
        "OOO Selenga Rooms",
        "RU",
        ("host",),
        reputation=5600,
        licences=(("RU", "ru-fns-operator-register", True),),
    ),
    Company(
        "steppe-halls",
        "Steppe Halls LLP",
        "KZ",
        ("host",),
        reputation=7200,
        licences=(("KZ", "kz-digital-mining-1", True),),
    ),
    Company("saryarka-plot", "Saryarka Plot LLP", "KZ", ("host",), reputation=4100),
    Company(
        "tian-ridge",
        "Tian Ridge Power LLC",
        "KG",
        ("host",),
        reputation=6300,
        licences=(("KG", "kg-mining-register", True),),
    ),
    Company("kura-valley", "Kura Valley Hosting LLC", "GE", ("host",), reputation=7000),
    Company("abrigo-verde", "Abrigo Verde S.A.", "PY", ("host",), reputation=7700),
    Company("cerrado-abrigo", "Cerrado Abrigo Ltda.", "BR", ("host",)),
    Company("awash-terraces", "Awash Terraces PLC", "ET", ("host",), reputation=6900),
    Company(
        "dhofar-cool",
        "Dhofar Cool Rooms LLC",
        "OM",
        ("host",),
        reputation=8000,
        licences=(("OM", "om-mining-licence", True),),
    ),
    Company("lantern-rivers", "Lantern Rivers Sdn. Bhd.", "MY", ("host",), reputation=5200),
    Company("newcomer-yard", "Newcomer Yard Oy", "FI", ("host",), is_verified=False),
    Company("longtan-digital", "Longtan Digital Ltd.", "HK", ("miner",), owner="min"),
    Company("qingshan-compute", "Qingshan Compute Pte. Ltd.", "SG", ("miner",)),
    Company("prairie-proof", "Prairie Proof Inc.", "US", ("miner",)),
    Company("kanto-blocks", "Kanto Blocks K.K.", "JP", ("miner",)),
    Company("baltic-works", "Baltic Works OÜ", "EE", ("miner",)),
    Company("pampa-hash", "Pampa Hash S.R.L.", "AR", ("miner",)),
    Company("irtysh-miners", "Irtysh Miners LLP", "KZ", ("miner",)),
    Company("volga-rigs", "OOO Volga Rigs", "RU", ("miner",)),
    Company("harbour-desk", "Harbour Desk Ltd.", "HK", ("broker",)),
    Company("atlas-index", "Atlas Index GmbH", "DE", ("broker", "partner"), owner="paul"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """The people who act in the demo, and its organizations by handle."""

    people: dict[str, User]
    companies: dict[str, Organization]
    owners: dict[str, User]

    @property
    def sam(self) -> User:
        return self.people["sam@example.org"]

    @property
    def sara(self) -> User:
        return self.people["sara@example.org"]


def gather(*, now: datetime) -> Cast:
    """Bring in whoever is not there yet. Organizations are four months old, and verified by staff."""
    began = now - timedelta(days=120)
    people = _people(began)
    companies, owners = {}, {}
    there = {company.handle: company for company in Organization.objects.filter(handle__in=_handles())}
    for company in COMPANIES:
        owner = people.get(f"{company.owner}@example.org") or _desk_of(company, began)
        owners[company.handle] = owner
        companies[company.handle] = there.get(company.handle) or _found(company, owner, people, began)
    return Cast(people, companies, owners)


def _handles() -> list[str]:
    return [company.handle for company in COMPANIES]


def _people(joined_at: datetime) -> dict[str, User]:
    there = {person.email: person for person in User.objects.filter(email__endswith="@example.org")}
    # Hashing is slow on purpose; they share one password, so one hash does.
    hashed = make_password(PASSWORD) if any(email not in there for email, *_rest in PEOPLE) else ""
    for email, _password, _words in PEOPLE:
        if email not in there:
            is_staff = email in STAFF
            there[email] = User.objects.create(
                email=email,
                password=hashed,
                name=email.partition("@")[0].capitalize(),
                is_staff=is_staff,
                is_superuser=is_staff,
                joined_at=joined_at,
            )
        # Nobody waits for a mail of the demo: the addresses count as confirmed, the terms as accepted.
        persons.vouch(user=there[email])
        consents.accept(user=there[email], now=joined_at)
    return there


def _desk_of(company: Company, joined_at: datetime) -> User:
    """Somebody must have founded it; nobody can sign in as them."""
    email = f"desk@{company.handle}.example.org"
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(
        email, None, name=f"{company.legal_name} desk", joined_at=joined_at, is_active=False
    )


def _found(company: Company, owner: User, people: dict[str, User], at: datetime) -> Organization:
    sam, sara = (people[email] for email in STAFF)
    row = organizations.found(
        by=owner,
        handle=company.handle,
        legal_name=company.legal_name,
        country=company.country,
        kinds=list(company.kinds),
        now=at,
        registration_number=f"DEMO-{company.country}-{len(company.handle):04d}",
        reputation=company.reputation,
        sanctions_result=SanctionsResult.CLEAR if company.is_verified else SanctionsResult.NOT_CHECKED,
        sanctions_checked_on=at.date() if company.is_verified else None,
    )
    organizations.submit(organization=row, by=owner, now=at)
    if company.is_verified:
        organizations.take_up(organization=row, by=sam, now=at)
        organizations.approve(organization=row, by=sara, why="demo", now=at)
    for place, type, is_seen in company.licences:
        licence: Licence = licences.add(
            organization=row,
            jurisdiction_code=place,
            type=type,
            number="DEMO",
            valid_from=at.date() - timedelta(days=365),
            valid_to=at.date() + timedelta(days=3 * 365),
            by=owner,
            now=at,
        )
        if is_seen:
            licences.review(licence=licence, by=sam, why="demo", now=at)
    if company.owner == "min":
        organizations.join(
            organization=row, user=people["mina@example.org"], role=Role.TRADER, by=owner, now=at
        )
    row.refresh_from_db()
    return row
