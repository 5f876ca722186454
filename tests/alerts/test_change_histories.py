"""Random histories of one model: runs missed, doubled, with the channel down; and everything taken care of."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboard.world import State
from tests.alerts.runs import Job, model, moment

STATES = st.sampled_from(["green", "grey", "amber", "red", "late"])
RUNS = st.sampled_from(["run", "missed", "twice", "down"])


@settings(max_examples=150, deadline=None)
@given(days=st.lists(st.tuples(STATES, RUNS), min_size=1, max_size=14))
@example(days=[("amber", "missed"), ("green", "missed"), ("green", "down")])
@example(days=[("red", "missed"), ("grey", "missed"), ("grey", "run"), ("grey", "run"), ("green", "run")])
@example(days=[("red", "missed"), ("late", "missed"), ("grey", "run"), ("green", "down"), ("green", "missed")])
def test_after_the_last_run_the_owner_knows_how_it_stands(days: list[tuple[State, str]]) -> None:
    job, since = Job(), 0
    history: list[tuple[int, State]] = []
    job.run(moment(-1), model())
    for n, (state, run) in enumerate([*days, (days[-1][0], "run")]):
        since = since if n and state == days[min(n, len(days)) - 1][0] else n
        colour: State = "grey" if state == "late" else state
        history.append((n, colour))
        stands = model(state=state, since=since, batch=n, history=history)
        if run != "missed":
            job.run(moment(n), stands, up=run != "down")
        if run == "twice":
            job.run(moment(n, 9), stands)
    told = job.known().of("churn", "ana@example.org")
    assert days[-1][0] in ("grey", told.state if told else "green")
    if days[-1][0] != "grey" and {"amber", "red"} & {state for state, _ in days}:
        assert job.sent, "whatever came and went, something was said of it"
    sent = [change.key for _, change in job.sent]
    assert len(sent) == len(set(sent))
    assert job.plan(moment(len(days), 20), stands).messages == (), "a further run has nothing to say"


@settings(max_examples=60, deadline=None)
@given(days=st.lists(st.sampled_from(["amber", "red", "late", "grey"]), min_size=1, max_size=12))
def test_nothing_is_told_while_everything_is_taken_care_of(days: list[State]) -> None:
    job = Job()
    for n, state in enumerate(days):
        stands = model(state=state, since=n)
        job.write("acknowledged", moment(n, 6), *stands.findings)
        assert job.run(moment(n), stands).messages == ()
