"""The REST API: which path means what, and what is answered."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.bigquery.cells import rows as cells
from tests.bigquery.cells import table_of_rows
from tests.bigquery.errors import ApiError
from tests.bigquery.faults import Fault
from tests.bigquery.jobs import Job, Jobs
from tests.bigquery.rows import fill, read
from tests.bigquery.shapes import Resource
from tests.bigquery.tables import Database, Key, quoted


@dataclass(frozen=True)
class Call:
    """A request: its arguments, its body, and the faults that meet its job."""

    query: dict[str, str]
    body: Resource
    data: bytes = b""
    etag: str | None = None
    job_fault: Fault | None = None
    pending: Fault | None = None

    def job(self) -> dict[str, Any]:
        """What the faults make of its job."""
        fail = self.job_fault.error() if self.job_fault else None
        return {"fail": fail, "polls": self.pending.polls if self.pending else 0}


@dataclass
class Api:
    """The routes over one database."""

    database: Database
    jobs: Jobs
    page_rows: int = 20_000
    routes: list[tuple[str, re.Pattern[str], Callable[..., Resource]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        project, dataset = "/projects/(?P<project>[^/]+)", "/datasets/(?P<dataset>[^/]+)"
        table = "/tables/(?P<table>[^/]+)"
        job = project + "/jobs/(?P<job>[^/]+)"
        for method, path, answer in (
            ("POST", project + "/queries", self.ask),
            ("GET", project + "/queries/(?P<job>[^/]+)", self.results),
            ("POST", project + "/jobs", self.insert_job),
            ("GET", project + "/jobs", self.list_jobs),
            ("GET", job, self.get_job),
            ("POST", job + "/cancel", self.cancel_job),
            ("GET", project + "/datasets", self.list_datasets),
            ("POST", project + "/datasets", lambda call, project: self.database.create_dataset(project, call.body)),
            ("GET", project + dataset, lambda call, project, dataset: self.database.dataset(project, dataset)),
            ("PATCH", project + dataset, self.patch_dataset),
            ("DELETE", project + dataset, self.delete_dataset),
            ("GET", project + dataset + "/tables", self.list_tables),
            ("POST", project + dataset + "/tables", self.create_table),
            ("GET", project + dataset + table, lambda call, **key: self.database.described(_key(key))),
            ("PATCH", project + dataset + table, self.patch_table),
            ("PUT", project + dataset + table, self.patch_table),
            ("DELETE", project + dataset + table, self.delete_table),
            ("GET", project + dataset + table + "/data", self.list_rows),
            ("POST", project + dataset + table + "/insertAll", self.insert_all),
        ):
            self.routes.append((method, re.compile(path), answer))

    def answer(self, method: str, path: str, call: Call) -> Resource:
        """The body of the reply; ApiError where there is none."""
        for wanted, pattern, answer in self.routes:
            found = pattern.fullmatch(path)
            if wanted == method and found:
                return answer(call, **found.groupdict())
        raise ApiError(f"This server does not know {method} {path}", reason="notImplemented", code=501)

    # -- jobs ----------------------------------------------------------------------------------------------

    def ask(self, call: Call, project: str) -> Resource:
        """jobs.query"""
        job = self.jobs.ask(project, call.body, **call.job())
        return self._page(job, call.body.get("maxResults"), 0, micros=_micros(call.body.get("formatOptions")))

    def results(self, call: Call, project: str, job: str) -> Resource:
        """jobs.getQueryResults"""
        start = int(call.query.get("pageToken") or call.query.get("startIndex") or 0)
        micros = call.query.get("formatOptions.useInt64Timestamp", "").lower() == "true"
        return self._page(self.jobs.get(project, job), call.query.get("maxResults"), start, micros=micros)

    def _page(self, job: Job, asked: str | int | None, start: int, *, micros: bool) -> Resource:
        if job.error is not None:
            raise job.error
        resource = job.resource
        page: Resource = {"kind": "bigquery#queryResponse", "jobReference": resource["jobReference"]}
        if resource["status"]["state"] != "DONE":
            time.sleep(0.02)  # the client asks again at once
            return page | {"jobComplete": False}
        accounts = resource["statistics"].get("query") or {}
        page |= {"jobComplete": True, "cacheHit": accounts.get("cacheHit", False)}
        for name in ("totalBytesProcessed", "totalBytesBilled", "numDmlAffectedRows", "dmlStats"):
            if name in accounts:
                page[name] = accounts[name]
        times = ("creationTime", "startTime", "endTime")
        page |= {name: resource["statistics"][name] for name in times if name in resource["statistics"]}
        if job.fields:
            page["schema"] = {"fields": job.fields}
        if job.rows is None:
            return page
        many = min(self.page_rows if asked is None else int(asked), self.page_rows)
        part = job.rows.slice(start, many)
        page["totalRows"] = str(job.rows.num_rows)
        if part.num_rows:
            page["rows"] = cells(part, job.fields, micros=micros)
        if start + part.num_rows < job.rows.num_rows:
            page["pageToken"] = str(start + part.num_rows)
        return page

    def insert_job(self, call: Call, project: str) -> Resource:
        """jobs.insert, uploads included"""
        return self.jobs.insert(project, call.body, data=call.data, **call.job()).resource

    def get_job(self, call: Call, project: str, job: str) -> Resource:
        """jobs.get"""
        return self.jobs.get(project, job).resource

    def cancel_job(self, call: Call, project: str, job: str) -> Resource:
        """jobs.cancel"""
        return {"kind": "bigquery#jobCancelResponse", "job": self.jobs.cancel(project, job).resource}

    def list_jobs(self, call: Call, project: str) -> Resource:
        """jobs.list"""
        parent, states = call.query.get("parentJobId"), call.query.get("stateFilter")
        found = [
            one | {"state": one["status"]["state"]}
            for one in self.jobs.all()
            if one["jobReference"]["projectId"] == project
            and one["statistics"].get("parentJobId") == parent
            and (not states or one["status"]["state"].lower() in states.lower())
        ]
        return {"kind": "bigquery#jobList", **_part(found, "jobs", call)}

    # -- datasets and tables -------------------------------------------------------------------------------

    def list_datasets(self, call: Call, project: str) -> Resource:
        """datasets.list; names that begin with _ are hidden"""
        held = [one for (owner, name), one in sorted(self.database.datasets.items()) if owner == project]
        shown = [one for one in held if not one["datasetReference"]["datasetId"].startswith("_")]
        return {"kind": "bigquery#datasetList", **_part(shown, "datasets", call)}

    def patch_dataset(self, call: Call, project: str, dataset: str) -> Resource:
        """datasets.patch"""
        held = self.database.dataset(project, dataset)
        held.update({name: value for name, value in call.body.items() if name != "datasetReference"})
        return held

    def delete_dataset(self, call: Call, project: str, dataset: str) -> Resource:
        """datasets.delete"""
        self.database.drop_dataset(project, dataset, contents=call.query.get("deleteContents", "").lower() == "true")
        return {}

    def list_tables(self, call: Call, project: str, dataset: str) -> Resource:
        """tables.list"""
        self.database.dataset(project, dataset)
        found = [one for key, one in sorted(self.database.tables.items()) if key[:2] == (project, dataset)]
        return {"kind": "bigquery#tableList", "totalItems": len(found), **_part(found, "tables", call)}

    def create_table(self, call: Call, project: str, dataset: str) -> Resource:
        """tables.insert"""
        return self.database.create((project, dataset, call.body["tableReference"]["tableId"]), call.body)

    def patch_table(self, call: Call, **key: str) -> Resource:
        """tables.patch"""
        return self.database.patch(_key(key), call.body, call.etag)

    def delete_table(self, call: Call, **key: str) -> Resource:
        """tables.delete"""
        self.database.drop(_key(key))
        return {}

    def list_rows(self, call: Call, **key: str) -> Resource:
        """tabledata.list"""
        place = _key(key)
        names = [name for name in call.query.get("selectedFields", "").split(",") if name]
        if place in self.jobs.results:
            rows, fields = self.jobs.results[place]
        else:
            fields = self.database.fields(place)
            rows, _ = read(self.database.cursor(), f"SELECT * FROM {quoted(place)} ORDER BY rowid", {})
        if names:
            fields = [one for one in fields if one["name"] in names]
            rows = rows.select([one["name"] for one in fields])
        start = int(call.query.get("pageToken") or call.query.get("startIndex") or 0)
        many = min(int(call.query.get("maxResults") or self.page_rows), self.page_rows)
        part = rows.slice(start, many)
        micros = call.query.get("formatOptions.useInt64Timestamp", "").lower() == "true"
        page: Resource = {"kind": "bigquery#tableDataList", "totalRows": str(rows.num_rows)}
        page["rows"] = cells(part, fields, micros=micros)
        return page | ({"pageToken": str(start + many)} if start + many < rows.num_rows else {})

    def insert_all(self, call: Call, **key: str) -> Resource:
        """tabledata.insertAll: all rows, or none and what is wrong with which"""
        place, given = _key(key), [row["json"] for row in call.body["rows"]]
        try:
            rows = table_of_rows(given, self.database.fields(place))
        except ApiError as error:
            if error.reason != "invalid":
                raise
            index, _, where = error.location.partition(".")
            wrong = {"reason": "invalid", "location": where or index, "debugInfo": "", "message": error.message}
            return {"insertErrors": [{"index": int(index) if index.isdigit() else 0, "errors": [wrong]}]}
        with self.database.changing(place) as cursor:
            fill(place, rows, self.database, cursor)
        return {"kind": "bigquery#tableDataInsertAllResponse"}


def _key(key: dict[str, str]) -> Key:
    return key["project"], key["dataset"], key["table"].partition("$")[0]


def _micros(options: Resource | None) -> bool:
    return bool((options or {}).get("useInt64Timestamp"))


def _part(found: list[Resource], name: str, call: Call) -> Resource:
    start, many = int(call.query.get("pageToken") or 0), int(call.query.get("maxResults") or 1000)
    page: Resource = {name: found[start : start + many]}
    return page | ({"nextPageToken": str(start + many)} if start + many < len(found) else {})
