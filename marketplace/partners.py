"""The settings of the API; marketplace/settings.py takes them all."""

REST_FRAMEWORK = {
    # One representation: no address asks for another.
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.bodies.ExactJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.Reads"],
    "DEFAULT_SCHEMA_CLASS": "accounts.api.schema.Described",
    "EXCEPTION_HANDLER": "accounts.api.problems.handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Mining hotels",
    "DESCRIPTION": "The market of mining hotels: places, machines, offers and their ranking for a need.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    # Two fields called kind: the schema names their choices by what they are kinds of.
    "ENUM_NAME_OVERRIDES": {
        "ImportKindEnum": "hosting.models.imports.ImportKind",
        "RateKindEnum": "hosting.models.rates.RateKind",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# Calls an hour: of a token or a person who is signed in, and of a stranger's address. A preview is a call,
# and has a limit of its own besides.
CALLS_PER_HOUR = {"known": 5000, "stranger": 60}
PREVIEWS_PER_HOUR = {"known": 600, "stranger": 20}
