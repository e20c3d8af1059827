"""What wakes whom: the readers of Events, and what runs by the clock. Read by settings.py."""

from celery.schedules import crontab

# Who must react to an Event of which subject: each gets a due mark, written with the Event.
EVENT_READERS = {
    "matching": (
        "accounts.licence",
        "accounts.organization",
        "hosting.capacityphase",
        "hosting.capacityrequest",
        "hosting.claim",
        "hosting.commitment",
        "hosting.day",
        "hosting.jurisdictionfact",
        "hosting.offer",
        "hosting.rate",
        "hosting.reference",
        "hosting.regulationrule",
        "hosting.rematch",
        "hosting.site",
    ),
    "notices": (
        "accounts.invitation",
        "accounts.organization",
        "accounts.user",
        "hosting.interest",
        "hosting.jurisdictionfact",
        "hosting.matchlist",
        "hosting.offer",
        "hosting.reference",
        "hosting.regulationevent",
        "hosting.regulationrule",
        "hosting.sitereview",
        "hosting.termsreview",
    ),
    "webhooks": (
        "hosting.capacityrequest",
        "hosting.interest",
        "hosting.matchlist",
        "hosting.offer",
        "hosting.regulationrule",
    ),
}

CELERY_BEAT_SCHEDULE = {
    # What the bell did not announce. An answer that nobody fetched in time is of no use: the next one comes.
    "match_due": {"task": "hosting.tasks.match_due", "schedule": 5.0, "options": {"expires": 5}},
    # The new UTC day. Repeated, because whatever runs twice changes nothing and a missed midnight would.
    "begin_day": {"task": "hosting.tasks.begin_day", "schedule": crontab(minute="0,1,10,20,30,40,50")},
    # A full run stores them, too; what changes between is a minute old at most.
    "count_places": {"task": "hosting.tasks.count_places", "schedule": 60.0, "options": {"expires": 60}},
    "watch_rates": {"task": "hosting.tasks.watch_rates", "schedule": crontab(minute="5")},
    # News and mail come within seconds; no page and no ranking waits for them.
    "tell_news": {"task": "hosting.tasks.tell_news", "schedule": 5.0, "options": {"expires": 5}},
    # Large files that partners have sent; small ones are done while their sender waits.
    "run_imports": {"task": "hosting.tasks.run_imports", "schedule": 5.0, "options": {"expires": 5}},
    "forget_imports": {"task": "hosting.tasks.forget_imports", "schedule": crontab(minute="25", hour="3")},
    "forget_repeats": {"task": "hosting.tasks.forget_repeats", "schedule": crontab(minute="*/10")},
    "send_mail": {"task": "hosting.tasks.send_mail", "schedule": 5.0, "options": {"expires": 5}},
    # What partners are told, and its way to them; the log of it is kept for 30 days.
    "tell_partners": {"task": "hosting.tasks.tell_partners", "schedule": 5.0, "options": {"expires": 5}},
    "send_webhooks": {"task": "hosting.tasks.send_webhooks", "schedule": 5.0, "options": {"expires": 5}},
    "forget_webhooks": {"task": "hosting.tasks.forget_webhooks", "schedule": crontab(minute="35")},
    # 07:00 comes on the hour, half past or a quarter to, somewhere; later runs find nothing left.
    "write_digests": {"task": "hosting.tasks.write_digests", "schedule": crontab(minute="*/15")},
    "forget_mail": {"task": "hosting.tasks.forget_mail", "schedule": crontab(hour="3", minute="20")},
}
