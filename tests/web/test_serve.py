from pathlib import Path

from dashboard.settings import Settings, load_settings
from dashboard.web.serve import Server, cores, environment, options


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


def test_where_questions_cost_and_may_hang_one_process_answers_all_readers() -> None:
    chosen = options(Settings(warehouse="bigquery://p/d"), host="127.0.0.1", port=80, cores=4)
    assert (chosen["workers"], chosen["threads"]) == (1, 16)
    assert options(Settings(warehouse="gs://b/p", workers=3), host="::", port=80, cores=4)["workers"] == 3
    assert options(Settings(), host="::", port=80, cores=4)["workers"] == 4


def test_the_process_that_serves_has_the_settings_of_the_one_before(tmp_path: Path) -> None:
    chosen = Settings(warehouse="../a b", environment="lab", port=80, language="fr", debug=True, refresh_seconds=-1)
    assert load_settings(environment(chosen), tmp_path) == chosen
