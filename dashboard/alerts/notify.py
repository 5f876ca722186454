"""One run of 'vigie notify': what changed is told to whoever answers for it, and retraining that is due is asked for.

The order matters where a run may be killed at any moment: nothing is done that is not planned in the warehouse, and
what was done is recorded before the next thing is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from dashboard.alerts.advising.advice import advice_for
from dashboard.alerts.channel import Channel, Outcome
from dashboard.alerts.claim import SYSTEM, Clock, Lease, LeaseLostError, claimed
from dashboard.alerts.deciding.changes import changes_of, silences_of
from dashboard.alerts.deciding.known import Known, known_by
from dashboard.alerts.deciding.plan import Plan, plan_messages
from dashboard.alerts.letter import Letter
from dashboard.alerts.message import Message
from dashboard.alerts.read import read_world
from dashboard.alerts.record import in_doubt
from dashboard.alerts.send import Attempt, plan, send, settle
from dashboard.alerts.stopping import orderly
from dashboard.alerts.writing.compose import compose
from dashboard.events import Event
from dashboard.retrain.ask import retrain
from dashboard.retrain.champion import judge_champions
from dashboard.retrain.course import KINDS as REQUESTS
from dashboard.retrain.decision import Decision
from dashboard.settings import Settings
from dashboard.text import Text
from dashboard.world import Model, World
from qod.errors import SettingError, VigieError, WarehouseError

if TYPE_CHECKING:
    from qod.warehouse import Warehouse

T = TypeVar("T")

_VERSIONS: Final = "The comparison of new versions with old ones"
_RETRAINING: Final = "Asking for retraining"
_ADVICE: Final = "The advice on which rows to hold back"
_HINT: Final = "Set VIGIE_DEBUG=1 to see where, and report it."

_ROUNDS: Final = 3
"""So often a run begins again that was too slow for its lease."""

_QUIET: Final = timedelta(hours=1)
"""So long after the last run one that finds nothing to do leaves no trace."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one channel has to tell, what became of it, and of which models it is silent, with the reason.

    ``found`` are letters of an earlier run that had arrived, as the channel says.
    """

    channel: str
    plan: Plan
    silences: tuple[tuple[Model, Text], ...]
    found: int = 0
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What a run saw, decided and told; of a dry one, what it would have. ``dry`` says which.

    ``faults`` are sentences on what failed beside the messages, which go out all the same.
    """

    dry: bool
    world: World
    verdicts: tuple[Event, ...]
    decisions: tuple[Decision, ...]
    channels: tuple[Told, ...]
    faults: tuple[str, ...] = ()

    @property
    def went_wrong(self) -> bool:
        """Whether anything was not done that should have been."""
        attempts = [one for told in self.channels for one in told.attempts]
        unsent = any(one.outcome is None or one.outcome.state != "sent" for one in attempts)
        return bool(self.faults) or unsent or any(one.outcome == "failed" for one in self.decisions)


@dataclass(slots=True)
class _Care:
    """What is good to have, and must not keep messages from going out where it fails; ``faults`` says what did."""

    debug: bool
    faults: dict[str, None] = field(default_factory=dict)

    def all(self, what: str, made: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
        """What ``made`` returns; nothing where it fails in a way that nobody foresaw."""
        try:
            return made()
        except VigieError:
            raise
        except Exception as error:
            if self.debug:
                raise
            name = type(error).__name__
            self.faults[f"{what} failed in a way that Vigie did not foresee ({name}). {_HINT}"] = None
            return ()


def notify(
    warehouse: Warehouse,
    settings: Settings,
    channels: Sequence[Channel],
    saying: Callable[[str], None],
    *,
    dry_run: bool = False,
    clock: Clock = SYSTEM,
) -> Run:
    """Tell and ask for what there is to tell and to ask for, and say what was done.

    A dry run claims nothing and writes nothing. ``saying`` gets what somebody who looks on should know at once. Raises
    LeaseLostError where the warehouse was too slow for every one of ``_ROUNDS``, and what the warehouse raises.
    """
    foreseen = _foreseen(warehouse, settings, [channel.key for channel in channels], clock)
    if dry_run or not _is_due(foreseen):
        return replace(foreseen, dry=dry_run)
    attempts: dict[str, dict[str, Attempt]] = defaultdict(dict)
    with orderly():
        for left in reversed(range(_ROUNDS)):
            try:
                with claimed(warehouse, saying, clock=clock) as lease:
                    return _run(warehouse, settings, channels, lease, attempts)
            except LeaseLostError:
                if not left:
                    raise
    raise AssertionError("unreachable: the last round returns or raises")


def _foreseen(warehouse: Warehouse, settings: Settings, channels: Sequence[str], clock: Clock) -> Run:
    """What a run would do now; where no channel is named, over one that nothing was ever sent by."""
    world, care = read_world(warehouse, clock.now(), settings), _Care(settings.debug)
    verdicts = care.all(_VERSIONS, lambda: judge_champions(warehouse, world, dry_run=True))
    decisions = care.all(_RETRAINING, lambda: retrain(warehouse, world, settings, dry_run=True))
    told = []
    for channel in channels or ("",):
        known = known_by(world.events, channel)
        told.append(Told(channel, _planned(world, known, decisions, settings), silences_of(world, known)))
    return Run(True, world, verdicts, decisions, tuple(told), tuple(care.faults))


def _is_due(foreseen: Run) -> bool:
    """Whether there is anything to do, or to leave a trace of: what passes between two runs is told by their ends."""
    events = foreseen.world.events
    if foreseen.verdicts or not all(_is_settled(one, events) for one in foreseen.decisions):
        return True
    for told in foreseen.channels:
        last = known_by(events, told.channel).last_run
        if told.plan.messages or last is None or foreseen.world.now - last >= _QUIET:
            return True
        if any(planned.happened_at > last for planned in in_doubt(events, told.channel).values()):
            return True  # by a run that was killed
    return False


def _is_settled(decision: Decision, events: Sequence[Event]) -> bool:
    """Whether what was decided is written down already, and not to be tried again."""
    written = [
        event.kind
        for event in events
        if event.kind in REQUESTS and event.facts.get("request_id") == decision.request_id
    ]
    return decision.outcome != "failed" and written[-1:] == [f"retraining_{decision.outcome}"]


def _run(
    warehouse: Warehouse,
    settings: Settings,
    channels: Sequence[Channel],
    lease: Lease,
    attempts: Mapping[str, dict[str, Attempt]],
) -> Run:
    """Do it, under the lease. ``attempts`` are those of this run's earlier rounds, by channel and letter."""
    seen, care = read_world(warehouse, lease.clock.now(), settings), _Care(settings.debug)
    verdicts = care.all(_VERSIONS, lambda: judge_champions(warehouse, seen))
    world = replace(seen, events=(*seen.events, *verdicts))
    lease.keep()
    decisions = care.all(_RETRAINING, lambda: retrain(warehouse, world, settings))
    told = []
    for channel in channels:
        lease.keep()
        try:
            told.append(_tell(warehouse, world, decisions, settings, channel, lease, attempts[channel.key], care))
        except SettingError as error:  # the other channels are none the worse for it
            care.faults[f"{channel.key}: {error}"] = None
    return Run(False, world, verdicts, decisions, tuple(told), tuple(care.faults))


def _tell(
    warehouse: Warehouse,
    world: World,
    decisions: Sequence[Decision],
    settings: Settings,
    channel: Channel,
    lease: Lease,
    attempts: dict[str, Attempt],
    care: _Care,
) -> Told:
    """Tell over one channel what there is to tell."""
    with channel.open(settings) as sender:
        found = settle(warehouse, world.events, channel.key, sender, lease)
        world = replace(world, events=(*world.events, *found))
        known = known_by(world.events, channel.key)
        planned = _planned(world, known, decisions, settings)
        messages = [one for one in planned.messages if one.owner or not channel.addressed]
        plan(warehouse, messages, world.events, channel.key, lease)
        lease.planned.append(channel.key)
        written = _written(warehouse, world, settings, messages, lease, attempts, care)
        for attempt in send(warehouse, written, world.events, channel.key, sender, lease):
            attempts[attempt.message.letter_id] = attempt
    letters = {str(event.facts.get("letter")) for event in found}
    return Told(channel.key, planned, silences_of(world, known), len(letters), tuple(attempts.values()))


def _planned(world: World, known: Known, decisions: Sequence[Decision], settings: Settings) -> Plan:
    return plan_messages(world, changes_of(world, known, decisions), known, world.now, settings)


def _written(
    warehouse: Warehouse,
    world: World,
    settings: Settings,
    messages: Sequence[Message],
    lease: Lease,
    attempts: dict[str, Attempt],
    care: _Care,
) -> list[tuple[Message, Letter]]:
    """The letters; one that cannot be written keeps no other from going out, and stands among ``attempts``."""
    advice = dict(care.all(_ADVICE, lambda: tuple(advice_for(world, warehouse).items()))) if messages else {}
    found = []
    for message in messages:
        lease.keep()
        try:
            found.append((message, compose(message, world, settings, reading=warehouse, advice=advice)))
        except WarehouseError:
            raise
        except Exception as error:
            if settings.debug:
                raise
            reason = f"It cannot be written ({type(error).__name__}). {_HINT}"
            attempts[message.letter_id] = Attempt(message, Outcome("refused", reason))
    return found
