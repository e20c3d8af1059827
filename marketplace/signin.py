"""The settings of signing in; marketplace/settings.py takes them all."""

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
# Signing in: by e-mail, after its confirmation; a code from an app on top for whoever sets one up.
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "django.contrib.auth.backends.ModelBackend",
]
ACCOUNT_ADAPTER = "accounts.web.door.Door"
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.web.signupform.AcceptsTerms"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
# Besides allauth's own limits: who signs up, loses the tab and signs in gets a second code at once.
ACCOUNT_RATE_LIMITS = {"confirm_email": "3/m/key"}
MFA_ADAPTER = "accounts.web.secondfactor.Keeper"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Mining hotels"
# What an organization still has open on the market, asked when its only owner closes their account.
BUSINESS_OF_AN_ORGANIZATION = "hosting.services.ties.has_open_business"
