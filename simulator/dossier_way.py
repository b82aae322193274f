"""The way of one dossier through its statuses, in working time, with what can hold it up."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from simulator.incidents import Incident
from simulator.procedures import Counter, Procedure
from simulator.workdays import due_epoch, epoch_of, work_time

NEW, ACCEPTED, REFUSED, IN_PROCESS, SUPPLEMENT, FEE, WITHDRAWN, PROCESSED, RETURNED = 1, 2, 3, 4, 5, 6, 7, 9, 10

_REFUSED, _WITHDRAWN, _SUPPLEMENT, _FEE, _GIVEN_UP = 0.025, 0.01, 0.06, 0.35, 0.2


class Dossier(msgspec.Struct, frozen=True):
    """What does not change about a dossier.

    Attributes:
        code: number of the dossier.
        procedure, counter: what is asked of whom.
        channel, level: as departments spell them.
        area: code of the citizen's commune or ward.
        submitted_at: Unix seconds.
        person: number of the citizen, see `simulator.people`.
    """

    code: str
    procedure: Procedure
    counter: Counter
    channel: str
    level: str
    area: str
    submitted_at: int
    person: int


class Step(msgspec.Struct, frozen=True):
    """One status of a dossier, as its system tells it at that moment; times are Unix seconds.

    Attributes:
        at: when it was reached.
        dossier: whose.
        status: 1 to 10.
        due_at: None before acceptance.
        finished_at: when the result was there, None before.
    """

    at: int
    dossier: Dossier
    status: int
    due_at: int | None = None
    finished_at: int | None = None


class Held(msgspec.Struct, frozen=True):
    """A backlog in working time: nothing moves from `start` to `end`; then what had waited is worked off at `pace`."""

    start: float
    end: float
    pace: float

    def freed(self, work: float) -> float:
        """When something that was due to happen at `work` happens; order is kept."""
        return self.end + self.pace * (work - self.start) if self.start <= work < self.end else work


def held(backlog: Incident) -> Held:
    """A backlog's stop; only receiving and accepting go on."""
    return Held(work_time(backlog.start.timestamp()), work_time(backlog.end.timestamp()), backlog.strength)


class Way:
    """The statuses of one dossier, one after another.

    Args:
        dossier: whose.
        row: 16 numbers in [0, 1) that decide everything; 0 to 4 made the dossier itself.
        stops: backlogs of its agency.
    """

    def __init__(self, dossier: Dossier, row: Sequence[float], stops: Sequence[Held]) -> None:
        self._dossier, self._row, self._stops = dossier, row, stops
        self._at, self._work = dossier.submitted_at, work_time(dossier.submitted_at)
        self._due: int | None = None
        self._finished: int | None = None
        self._steps = [Step(self._at, dossier, NEW)]

    def walk(self) -> list[Step]:
        """All statuses in order, no two at the same second."""
        row, procedure, direct = self._row, self._dossier.procedure, self._dossier.channel == "truc_tiep"
        if not direct and row[5] < _REFUSED:
            return self._to(REFUSED, 0.1 + 0.5 * row[6])
        if not direct and row[5] < _REFUSED + _WITHDRAWN:
            return self._to(WITHDRAWN, 0.1 + row[6])
        self._accept(0.02 if direct else 0.04 + 0.6 * row[6])
        accepted = self._work
        self._to(IN_PROCESS, min(0.3, 0.2 * procedure.days) * (0.2 + 0.8 * row[7]))
        if row[8] < _SUPPLEMENT and not self._supplemented():
            return self._steps
        if procedure.fee and not direct and row[9] < _FEE:
            self._to(FEE, 0.05 + 0.1 * row[10] * procedure.days)
            self._to(IN_PROCESS, 0.05 + 0.9 * row[11] ** 2)
        self._process(max(0.05, accepted + procedure.days * self._pace() - self._work))
        return self._to(RETURNED, 0.05 + 2.0 * row[15] ** 2)

    def _pace(self) -> float:
        """Working time to the result as a share of the time allowed; above 1 is late."""
        if self._row[12] < self._dossier.counter.late:
            return 1.12 + 0.8 * self._row[13] ** 2
        return 0.2 + 0.72 * self._row[13]

    def _accept(self, work: float) -> None:
        self._work += work
        self._at = epoch_of(self._work)
        self._due = due_epoch(self._at, self._dossier.procedure.days)
        self._add(ACCEPTED)

    def _supplemented(self) -> bool:
        """The citizen is asked for more and the clock rests; False where nothing ever comes."""
        row, days = self._row, self._dossier.procedure.days
        self._to(SUPPLEMENT, (0.1 + 0.3 * row[13]) * days)
        if row[14] < _GIVEN_UP:
            return False
        waited = 1.0 + 4.0 * row[14]
        if self._due is not None:
            self._due = due_epoch(self._due, round(waited))
        self._to(IN_PROCESS, waited)
        return True

    def _process(self, work: float) -> None:
        self._move(work)
        self._finished = self._at
        self._add(PROCESSED)

    def _to(self, status: int, work: float) -> list[Step]:
        self._move(work)
        return self._add(status)

    def _move(self, work: float) -> None:
        self._work += work
        for stop in self._stops:
            self._work = stop.freed(self._work)
        self._at = epoch_of(self._work)

    def _add(self, status: int) -> list[Step]:
        self._steps.append(Step(self._at, self._dossier, status, self._due, self._finished))
        return self._steps
