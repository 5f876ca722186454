"""Jobs: queries, scripts, loads and copies, their state, their results, and the cache of results."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from tests.bigquery import catalog, load
from tests.bigquery.accounts import changing, limit
from tests.bigquery.accounts import statistics as accounts_of
from tests.bigquery.cells import parameter
from tests.bigquery.errors import ApiError, duplicate, not_found, of
from tests.bigquery.kinds import Field
from tests.bigquery.rows import read, write
from tests.bigquery.script import Script, is_script
from tests.bigquery.shapes import Resource
from tests.bigquery.sql import Scope
from tests.bigquery.statement import Outcome, run
from tests.bigquery.tables import Database, Key, now_millis, quoted

KEPT: Final = 2000
"""Jobs and results that are kept, the latest."""


@dataclass
class Job:
    """A job: its resource, its rows once it is done, and what is left to do while it runs."""

    resource: Resource
    rows: pa.Table | None = None
    fields: list[Field] = field(default_factory=list)
    error: ApiError | None = None
    todo: Callable[[], None] | None = None
    polls: int = 0

    @property
    def name(self) -> str:
        """Its identifier."""
        return str(self.resource["jobReference"]["jobId"])


class Jobs:
    """All jobs of the server."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._lock = threading.Lock()
        self._jobs: dict[tuple[str, str], Job] = {}
        self._asked: dict[str, Job] = {}
        self._cached: dict[str, tuple[pa.Table, list[Field], Resource]] = {}
        self.results: dict[Key, tuple[pa.Table, list[Field]]] = {}

    def known(self, project: str, name: str | None) -> Resource | None:
        """The resource of a job, if there is one; asking does not count."""
        with self._lock:
            job = self._jobs.get((project, name or ""))
        return job.resource if job else None

    def all(self) -> list[Resource]:
        """The resources of all jobs, newest first."""
        with self._lock:
            return [job.resource for job in reversed(self._jobs.values())]

    def get(self, project: str, name: str) -> Job:
        """A job; 404 when there is none. One that is still running is asked once more, and may end by that."""
        job = self._find(project, name)
        if job.polls:
            job.polls -= 1
            if not job.polls:
                self._finish(job)
        return job

    def _find(self, project: str, name: str) -> Job:
        with self._lock:
            if (project, name) not in self._jobs:
                raise not_found("Job", f"{project}:{name}")
            return self._jobs[project, name]

    def cancel(self, project: str, name: str) -> Job:
        """Stop a job that is running; one that is done stays as it is."""
        job = self._find(project, name)
        if job.todo is not None:
            job.todo, job.polls = None, 0
            self._fail(job, ApiError("Job execution was cancelled: User requested cancellation", reason="stopped"))
        return job

    def insert(self, project: str, given: Resource, *, data: bytes = b"", polls: int = 0, fail: ApiError | None) -> Job:
        """Take a job and carry it out, unless it is to run for a while; 409 when its identifier was used before."""
        config, reference = given["configuration"], given.get("jobReference") or {}
        if config.get("dryRun"):
            return self._dry(project, given)
        location = reference.get("location") or self._place(project, config)
        job = self._new(project, config, reference.get("jobId"), location)

        def work() -> None:
            if fail is not None:
                raise fail
            if "query" in config:
                self._query(job, project)
            elif "load" in config:
                job.resource["statistics"]["load"] = load.load(config["load"], data, self.database)
            elif "copy" in config:
                self._copy(config["copy"])
            else:
                raise ApiError("This server does not know such a job", reason="notImplemented")

        job.todo, job.polls = work, polls
        if not polls:
            self._finish(job)
        return job

    def _place(self, project: str, config: Resource) -> str | None:
        """Where a job runs that does not say it: BigQuery does not always find out for a script, and takes the US."""
        script = "query" in config and is_script(config["query"]["query"])
        return "US" if script else self.database.location_of(project, config)

    def ask(self, project: str, given: Resource, *, polls: int = 0, fail: ApiError | None) -> Job:
        """A query asked in one request; the same ``requestId`` gets the same job."""
        seen = given.get("requestId")
        with self._lock:
            if seen in self._asked:
                return self._asked[str(seen)]
        outside = ("labels", "dryRun", "jobTimeoutMs")
        config = {name: given[name] for name in outside if name in given}
        config["query"] = {name: value for name, value in given.items() if name not in (*outside, "requestId")}
        reference = {"location": given["location"]} if given.get("location") else {}
        job = self.insert(project, {"configuration": config, "jobReference": reference}, polls=polls, fail=fail)
        if seen:
            self._asked[str(seen)] = job
        return job

    def _new(self, project: str, config: Resource, name: str | None, location: str | None, parent: str = "") -> Job:
        name = name or f"job_{uuid.uuid4().hex}"
        kind = next((kind for kind in ("query", "load", "copy", "extract") if kind in config), "query")
        statistics = {"creationTime": now_millis(), "startTime": now_millis()}
        if parent:
            statistics["parentJobId"] = parent
        resource: Resource = {
            "kind": "bigquery#job",
            "id": f"{project}:{location or self.database.location}.{name}",
            "jobReference": {"projectId": project, "jobId": name, "location": location or self.database.location},
            "configuration": {"jobType": kind.upper(), **config},
            "status": {"state": "RUNNING"},
            "statistics": statistics,
            "user_email": "tests@example.com",
        }
        job = Job(resource)
        with self._lock:
            if (project, name) in self._jobs:
                raise duplicate("Job", resource["id"])
            self._jobs[project, name] = job
            if len(self._jobs) > KEPT:
                self._jobs.pop(next(iter(self._jobs)))
        return job

    def _finish(self, job: Job) -> None:
        todo, job.todo = job.todo, None
        try:
            if todo is not None:
                todo()
        except Exception as error:
            self._fail(job, of(error))
        else:
            self._end(job)

    def _fail(self, job: Job, error: ApiError) -> None:
        job.error = error
        error.__traceback__ = error.__cause__ = error.__context__ = None  # or it keeps frames, and their connections
        job.resource["status"] |= {"errorResult": error.entry(), "errors": [error.entry()]}
        self._end(job)

    def _end(self, job: Job) -> None:
        job.resource["status"]["state"] = "DONE"
        job.resource["statistics"]["endTime"] = now_millis()

    # -- queries -------------------------------------------------------------------------------------------

    def scope(self, project: str, config: Resource, location: str | None) -> Scope:
        """What the SQL of a query may name."""
        default = config.get("defaultDataset") or {}
        given = config.get("queryParameters") or []
        return Scope(
            database=self.database,
            cursor=self.database.cursor(),
            project=default.get("projectId") or project,
            dataset=default.get("datasetId"),
            location=location or "",
            information=lambda name, owner, dataset: catalog.view(name, owner, dataset, self.database, self.all()),
            params={one.get("name") or str(index): parameter(one) for index, one in enumerate(given)},
        )

    def _dry(self, project: str, given: Resource) -> Job:
        config = given["configuration"]["query"]
        scope = self.scope(project, config, (given.get("jobReference") or {}).get("location"))
        if is_script(config["query"]):
            raise ApiError("This server cannot dry-run a script", reason="notImplemented")
        outcome = run(config["query"], scope, dry=True, limit=limit(config))
        statistics = {"creationTime": now_millis(), "totalBytesProcessed": str(outcome.cost.processed[0])}
        statistics["query"] = accounts_of(outcome, upper=True) | {"schema": {"fields": outcome.fields}}  # type: ignore[assignment]
        resource = {
            "kind": "bigquery#job",
            "jobReference": {"projectId": project, "location": scope.location or self.database.location},
            "configuration": given["configuration"],
            "status": {"state": "DONE"},
            "statistics": statistics,
        }
        return Job(resource, fields=outcome.fields)

    def _query(self, job: Job, project: str) -> None:
        config = job.resource["configuration"]["query"]
        if config.get("useLegacySql"):
            raise ApiError("This server does not know legacy SQL", reason="invalid")
        asked = job.resource["jobReference"]["location"]
        scope = self.scope(project, config, asked)
        statistics = job.resource["statistics"]
        kept = None if config.get("useQueryCache") is False or "destinationTable" in config else self._cache_key(config)
        if kept and kept in self._cached:
            job.rows, job.fields, found = self._cached[kept]
            zero = {"cacheHit": True, "totalBytesProcessed": "0", "totalBytesBilled": "0"}
            statistics["query"] = found | zero
            statistics["totalBytesProcessed"] = "0"
        elif is_script(config["query"]):
            self._script(job, config, scope, project)
        else:
            outcome = run(config["query"], scope, limit=limit(config))
            self._keep(job, outcome)
            if kept and outcome.rows is not None and not changing(config["query"]):
                self._cached[kept] = (outcome.rows, outcome.fields, statistics["query"])
        if job.rows is not None:
            self._store(job, config)

    def _keep(self, job: Job, outcome: Outcome) -> None:
        job.rows, job.fields = outcome.rows, outcome.fields
        statistics = job.resource["statistics"]
        statistics["query"] = accounts_of(outcome, upper=False)
        statistics["totalBytesProcessed"] = statistics["query"]["totalBytesProcessed"]

    def _script(self, job: Job, config: Resource, scope: Scope, project: str) -> None:
        if "destinationTable" in config:
            raise ApiError("configuration.query.destinationTable cannot be set for scripts", reason="invalid")
        total = {"totalBytesProcessed": 0, "totalBytesBilled": 0}

        def done(text: str, outcome: Outcome) -> None:
            inner = {"query": config | {"query": text}, "labels": job.resource["configuration"].get("labels") or {}}
            child = self._new(project, inner, None, scope.location, parent=job.name)
            self._keep(child, outcome)
            self._end(child)
            for name in total:
                total[name] += int(child.resource["statistics"]["query"][name])

        outcome = Script(scope, done, limit(config)).run(config["query"])
        job.rows, job.fields = outcome.rows, outcome.fields
        statistics = job.resource["statistics"]
        statistics["query"] = {"statementType": "SCRIPT", "cacheHit": False, **{k: str(v) for k, v in total.items()}}
        statistics["totalBytesProcessed"] = str(total["totalBytesProcessed"])
        children = sum(1 for one in self.all() if one["statistics"].get("parentJobId") == job.name)
        statistics["numChildJobs"] = str(children)

    def _store(self, job: Job, config: Resource) -> None:
        """Put a query's rows in the table it names, or in one of the server's own that Storage Read can read."""
        assert job.rows is not None
        if "destinationTable" in config:
            key, partition = load.target(config["destinationTable"])
            with self.database.lock:
                how = {"writeDisposition": "WRITE_EMPTY"} | config
                write(key, partition, job.rows, job.fields, how, self.database)
            return
        name = uuid.uuid4().hex
        project = job.resource["jobReference"]["projectId"]
        self.results[project, "_results", name] = (job.rows, job.fields)
        if len(self.results) > KEPT:
            self.results.pop(next(iter(self.results)))
        reference = {"projectId": project, "datasetId": "_results", "tableId": name}
        job.resource["configuration"]["query"] = config | {"destinationTable": reference}

    def _cache_key(self, config: Resource) -> str:
        """A text that is the same when a query is and nothing in the database has changed."""
        state = sorted((".".join(key), made.get("etag")) for key, made in list(self.database.tables.items()))
        asked = {name: config.get(name) for name in ("query", "queryParameters", "defaultDataset")}
        return json.dumps([asked, state], sort_keys=True)

    def _copy(self, config: Resource) -> None:
        key, partition = load.target(config["destinationTable"])
        sources = config.get("sourceTables") or [config["sourceTable"]]
        with self.database.lock:
            for index, reference in enumerate(sources):
                source = load.target(reference)[0]
                fields = self.database.fields(source)
                rows, _ = read(self.database.cursor(), f"SELECT * FROM {quoted(source)}", {})
                how = {"writeDisposition": config.get("writeDisposition", "WRITE_EMPTY")}
                made = self.database.table(source)
                kept = {name: made[name] for name in ("timePartitioning", "clustering") if name in made}
                again = {"writeDisposition": "WRITE_APPEND"} if index else {}
                write(key, partition, rows, fields, kept | how | again, self.database)
