"""Forms the verdict on the trusted side: asks the probe, asks the reference the same, compares,
words the hint.

`ask(request) -> reply` carries a request to wherever the student's code lives: in process
(`inprocess`), or into a sandboxed kernel. It raises `StudentFault` when no reply came. Nothing of a
reply is believed: it is plain data of unknown shape.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from autograder import draw, hints, plan
from autograder.cases import Case
from autograder.errors import CaseError, StudentFault
from autograder.exercise import Exercise, Test
from autograder.judgement import Judgement
from autograder.probe import entry
from autograder.probe.messages import Reply, Request, Together
from autograder.verdict import Problem, Verdict

Ask = Callable[[Request | Together], Any]  # what comes back may be anything
AskAhead = Callable[[Sequence[Request | Together]], Generator[Any, None, None]]


def judge_test(
    exercise: Exercise,
    test: Test,
    ask: Ask,
    *,
    secret: bytes = b"",
    submission: str = "",
    cells: Iterable[str] | None = None,
    known: dict[str, Verdict] | None = None,
    ask_ahead: AskAhead | None = None,
) -> Verdict:
    """The verdict on a test cell; `submission` is the hand-in's hash, `cells` its code cells'
    sources (None: unknown).

    The first case that fails decides. `known`: verdicts by test id, used and added to; give the
    same one as long as the student's process is as it was. `ask_ahead`: asks several requests, of
    which all but the first may come to nothing; closed at the first reply that decides. Raises
    `CaseError` when the reference solution itself cannot do a case.
    """
    sources = None if cells is None else list(cells)
    known = {} if known is None else known
    carry = ask_ahead or _one_by_one(ask)

    def judged(one: Test) -> Verdict:
        if one.id not in known:
            known[one.id] = judged_anew(one)
        return known[one.id]

    def judged_anew(one: Test) -> Verdict:
        waiting = deque(one.cases)
        while waiting:
            trials = deque(map(partial(trial, one), ready(waiting)))
            last = _asked_together(trials, carry)
            waiting.extendleft(each.case for each in reversed(trials))
            if last is not None and (problem := last.settled(carry)):
                return Verdict(one.id, 0.0, one.points, last.case.id, problem)
        return Verdict(one.id, one.points, one.points)

    def ready(waiting: deque[Case]) -> Iterator[Case]:
        """Takes the next case that is to be asked, and those after it for which no other test has
        to be judged first.
        """
        first = True
        while waiting and (first or known.keys() >= set(waiting[0].given)):
            case = waiting.popleft()
            if all(judged(exercise.tests[name]).passed for name in case.given):
                first = False
                yield case

    def trial(one: Test, case: Case) -> _Trial:
        seed = draw.case_seed(secret, submission, exercise.name, one.id, case.id)
        return _Trial(case, exercise.reference(), seed, sources)

    return judged(test)


def _one_by_one(ask: Ask) -> AskAhead:
    def carry(requests: Sequence[Request | Together]) -> Generator[Any, None, None]:
        for request in requests:
            yield ask(request)

    return carry


def _asked_together(trials: deque[_Trial], carry: AskAhead) -> _Trial | None:
    """Ask cases in the first way of each, and take from `trials` those that were judged: up to the
    first with a problem. The last of them.
    """
    trial = None
    asked = [question for each in trials for question in each.questions(each.ways[0])]
    with contextlib.closing(carry(asked)) as replies:
        while trials and (trial is None or trial.problem is None):
            # Most that fail do so at once. The rest of the reference's replies are made in a row,
            # which takes half of the time.
            for each in [*trials] if trial else [trials[0]]:
                each.prepare()
            trial = trials.popleft()
            trial.try_first(replies)
    return trial


class _Trial:
    """One case, asked of the student's code and of the reference, and the `problem` found so
    far.
    """

    def __init__(
        self, case: Case, reference: dict[str, Any], seed: int, cells: list[str] | None
    ) -> None:
        self.case, self.reference, self.seed, self.cells = case, reference, seed, cells
        self.ways, self.refuse = plan.ways(case), case.refuses(cells)
        self.problem: Problem | None = None
        self._requests: list[Request] = []
        self._wants: list[Reply] = []
        self._passed = False

    def questions(self, way: plan.Way) -> list[Request | Together]:
        """What to ask, anew with each way."""
        self._requests, self._wants = plan.requests(self.case, self.seed, way), []
        if self.refuse:
            return [{"several": self._requests, "refuse": self.refuse}]
        return [*self._requests]

    def prepare(self) -> None:
        """Have the reference reply, if it has not. Raises `CaseError`."""
        for request in self._requests[len(self._wants) :]:
            want = entry.run(request, self.reference)
            if ("error" in want) != bool(self.case.wanted_error):
                did = _error(want) or f"does not raise {self.case.wanted_error}"
                raise CaseError(
                    f"case {self.case.id!r}: the reference solution {did};"
                    " mend the case or the solution"
                )
            self._wants.append(want)

    def try_first(self, replies: Iterator[Any]) -> None:
        """Judge the replies to the first way."""
        self.problem = self._judged(replies)

    def settled(self, carry: AskAhead) -> Problem | None:
        """What is wrong with the answer, the case's other ways tried where the first found
        something; None if nothing is.
        """
        if self._passed or self.problem is None or self.problem.fault:
            return self.problem
        for way in self.ways[1:]:
            with contextlib.closing(carry(self.questions(way))) as replies:
                problem = self._judged(replies)
            if self._passed or (problem and problem.fault):
                return problem
        return self.problem

    def _judged(self, replies: Iterator[Any]) -> Problem | None:
        problem = self._first_problem(replies)
        self._passed = problem is None
        return problem or self.case.source_problem(self.cells)

    def _first_problem(self, replies: Iterator[Any]) -> Problem | None:
        together = list[Any]()
        self.prepare()
        for number, (request, want) in enumerate(zip(self._requests, self._wants, strict=True)):
            try:
                if self.refuse and not together:
                    together = _replies(next(replies), len(self._requests))
                got = together[number] if self.refuse else next(replies)
            except StudentFault as fault:
                kind = fault.kind
                return Problem(hints.fault(kind, self.case.subject), f"{kind}: {fault}", kind)
            if problem := Judgement(self.case, request, self.reference).of(got, want):
                return problem
        return None


def _replies(reply: Any, count: int) -> list[Any]:
    """The replies to several requests; what is missing of them is none."""
    replies = reply.get("replies") if isinstance(reply, dict) else None
    return [*(replies if isinstance(replies, list) else []), *[None] * count][:count]


def _error(reply: Reply) -> str:
    error = reply.get("error")
    return f"raised {error['type']}: {error['message']} (step {error['step']})" if error else ""
