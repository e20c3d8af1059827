"""Terms: what an offer says, in the API's words. Null is a field the host has not stated."""

from rest_framework import serializers

from hosting.api.fields import Text, amount, price, pue
from hosting.models import Cooling, Metering, PriceModel


class TierSerializer(serializers.Serializer):
    """From this many kW the energy costs this much."""

    min_kw = serializers.IntegerField()
    energy_price = serializers.DecimalField(max_digits=None, decimal_places=6)


class TermsSerializer(serializers.Serializer):
    """Prices per kWh and amounts per kW in `currency`; percentages 0 to 100."""

    price_model = serializers.ChoiceField(PriceModel.choices)
    currency = serializers.CharField(help_text="ISO 4217")
    energy_price = price()
    passthrough_estimate = price()
    passthrough_cap = price()
    hosting_fee = price()
    base_fee_kw_month = amount()
    revenue_share = amount(help_text="percent")
    levies_included = serializers.BooleanField()
    setup_fee_kw = amount()
    metering = serializers.ChoiceField(Metering.choices)
    pue = pue()
    metering_uplift = amount(help_text="percent")
    tiers = TierSerializer(many=True)
    rate_lock_months = serializers.IntegerField(allow_null=True)

    deposit_months = serializers.IntegerField(allow_null=True)
    min_kw = serializers.IntegerField(allow_null=True)
    max_kw = serializers.IntegerField(allow_null=True)
    min_term_months = serializers.IntegerField(allow_null=True)
    max_term_months = serializers.IntegerField(allow_null=True)
    host_notice_days = serializers.IntegerField(allow_null=True)
    miner_notice_days = serializers.IntegerField(allow_null=True)

    uptime = amount(help_text="percent")
    uptime_remedy = Text()
    curtailment = amount(help_text="percent, without the seasonal stops of law")
    curtailment_notice_hours = serializers.IntegerField(allow_null=True)
    curtailment_credits = Text(help_text="host, miner or shared")
    renewable = amount(help_text="percent")
    cooling = serializers.ChoiceField(Cooling.choices)
    max_j_per_th = amount(help_text="machines above this are not taken")
    accepted_machines = Text()
    firmware = Text(help_text="any, approved or stock")
    allows_low_power_mode = serializers.BooleanField(allow_null=True)
    host_may_move_machines = serializers.BooleanField(allow_null=True)
    return_days = serializers.IntegerField(allow_null=True)
    return_paid_by = Text(help_text="host, miner or shared")
    has_cross_default = serializers.BooleanField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True, help_text="the first day it no longer holds")
