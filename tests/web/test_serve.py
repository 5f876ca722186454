from dashboard.settings import Settings
from dashboard.web.serve import Server, cores, options


def test_the_options_are_known_to_gunicorn_and_fit_a_container() -> None:
    chosen = options(Settings(threads=4), host="127.0.0.1", port=8050, cores=2)
    server = Server(lambda: None, chosen)  # type: ignore[arg-type,return-value]
    assert server.cfg.bind == ["127.0.0.1:8050"]
    assert (server.cfg.workers, server.cfg.threads, server.cfg.worker_class_str) == (2, 4, "gthread")
    assert server.cfg.timeout == 0
    assert server.cfg.control_socket_disable
    assert server.cfg.preload_app
    assert server.cfg.limit_request_line == 8190


def test_one_worker_loads_the_application_itself() -> None:
    chosen = options(Settings(workers=1), host="::", port=80, cores=8)
    assert not chosen["preload_app"]
    assert chosen["bind"] == "[::]:80"
    assert cores() >= 1
