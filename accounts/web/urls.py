"""The pages of accounts."""

from django.urls import path

from accounts.web import languages, looking, mailbox, members, organizations, papers, person, signin, tokens

urlpatterns = [
    path("i18n/setlang/", languages.choose, name="set_language"),
    path("login/", signin.SignIn.as_view(), name="login"),
    path("logout/", signin.SignOut.as_view(), name="logout"),
    path("account/login/", signin.ToSignIn.as_view(), name="to_login"),
    path("account/", person.account, name="account"),
    path("account/close/", person.close, name="account_close"),
    path("account/consent/", person.consent, name="consent"),
    path("terms/", person.terms, name="terms"),
    path("privacy/", person.privacy, name="privacy"),
    path("organizations/", organizations.mine, name="organizations"),
    path("organizations/act-for/", organizations.act_for, name="act_for"),
    path("organizations/<slug:handle>/", organizations.show, name="organization"),
    path("organizations/<slug:handle>/edit/", organizations.edit, name="organization_edit"),
    path("organizations/<slug:handle>/tokens/", tokens.listing, name="tokens"),
    path("organizations/<slug:handle>/tokens/<uuid:pk>/", tokens.revoke, name="token_revoke"),
    path("organizations/<slug:handle>/leave/", members.leave, name="organization_leave"),
    path("organizations/<slug:handle>/members/<uuid:pk>/", members.change, name="member"),
    path("organizations/<slug:handle>/invitations/", members.invite, name="invite"),
    path("organizations/<slug:handle>/invitations/<uuid:pk>/", members.reconsider, name="invitation_step"),
    path("organizations/<slug:handle>/licences/new/", papers.licence_new, name="licence_new"),
    path("organizations/<slug:handle>/verification/", papers.verification, name="verification"),
    path("organizations/<slug:handle>/documents/", papers.hand_in, name="document_new"),
    path("organizations/<slug:handle>/documents/<uuid:pk>/", papers.take_back, name="document_step"),
    path("documents/<uuid:pk>/", papers.download, name="document"),
    path("invitations/<str:token>/", members.invitation, name="invitation"),
    path("invitations/<str:token>/accept/", members.accept, name="invitation_accept"),
    path("staff/look/<slug:handle>/", looking.begin, name="looking_begin"),
    path("staff/look-as-yourself/", looking.end, name="looking_end"),
    path("staff/mail/", mailbox.letters, name="mailbox"),
]
