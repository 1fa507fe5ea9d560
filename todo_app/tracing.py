"""Traces by OpenTelemetry: each request and each event of a page, and its transactions.

FastAPI and Reflex have the points built in, and `db.py` has its own; here they get somewhere to go. This is loaded only where a
collector is named, since it would take its part of every start. Paths, ids and times leave, and nobody's words.
"""

import contextlib
from collections.abc import AsyncIterator, Sequence

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status
from reflex_base import otel

from todo_app import __version__

# What is searched for stands there.
_QUERY = "url.query"


class _Discreet(SpanExporter):
    """Passes spans on without anybody's words."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([_without_words(span) for span in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()


def _without_words(span: ReadableSpan) -> ReadableSpan:
    """A span without the query of its address and without what errors say: both may quote what somebody wrote."""
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes={name: value for name, value in (span.attributes or {}).items() if name != _QUERY},
        kind=span.kind,
        instrumentation_scope=span.instrumentation_scope,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
    )


@contextlib.asynccontextmanager
async def traces_to(collector: str) -> AsyncIterator[None]:
    """Sends traces to the collector at this address (OTLP over HTTP), while it lasts; what is left at the end too."""
    named = Resource.create({"service.name": "todo_app", "service.version": __version__}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=named)
    provider.add_span_processor(BatchSpanProcessor(_Discreet(OTLPSpanExporter(f"{collector.rstrip('/')}/v1/traces"))))
    trace.set_tracer_provider(provider)
    otel.enable(tracer_provider=provider)
    yield
    otel.disable()
    provider.shutdown()
