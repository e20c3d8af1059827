"""How gunicorn serves: `gunicorn -c python:marketplace.serving marketplace.wsgi` with address and workers."""

worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 10
# Its control socket stands in the home folder, shared by all that run there.
control_socket_disable = True
accesslog = "-"
# Neither address nor query nor user agent: a log knows no persons and no prices.
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(M)sms [%({x-request-id}o)s]"
