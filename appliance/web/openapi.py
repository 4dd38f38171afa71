"""The OpenAPI document of the programs' API, made from its routes and types.

quart-schema's pages load from other people's servers and its extension changes the answers of the
whole application: only its generator is used here, and only the document is served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from quart import Quart
from quart_schema import Info, QuartSchema
from quart_schema.documentation import document_response
from quart_schema.openapi import OpenAPIProvider
from werkzeug.routing import Rule

from appliance import __version__
from appliance.web.program_types import ProblemDocument

View = TypeVar("View", bound=Callable[..., Any])

BLUEPRINT = "program_api"
PROBLEM_STATUSES = (400, 401, 403, 404, 405, 408, 409, 413, 421, 422, 429, 500, 503)
IDEMPOTENCY = "Idempotency-Key"


def answers(status: int, model: type[Any], *further: int) -> Callable[[View], View]:
    """Documents what a route answers, and the problems that any of them may end in."""

    def declare(view: View) -> View:
        for one in (status, *further):
            view = document_response(model, one)(view)
        for one in PROBLEM_STATUSES:
            view = document_response(ProblemDocument, one)(view)
        return view

    return declare


class ProgramProvider(OpenAPIProvider):
    """The routes of one blueprint; problems have their own type, the header its usual name."""

    def generate_rules(self) -> Iterable[Rule]:
        """The programs' routes alone."""
        for rule in self._app.url_map.iter_rules():
            if rule.endpoint.startswith(BLUEPRINT + ".") and not rule.endpoint.endswith(
                ".document"
            ):
                yield rule

    def build_response_object(self, model: Any, headers_model: Any) -> tuple[Any, Any]:
        """As the base does, with the problem documents' own content type."""
        response, components = super().build_response_object(model, headers_model)
        if model is ProblemDocument:
            response["content"]["application/problem+json"] = response["content"].pop(
                "application/json"
            )
        return response, components

    def build_headers_parameters(self, model: Any) -> tuple[Any, Any]:
        """Required where the model has no default, which the base leaves out."""
        parameters, components = super().build_headers_parameters(model)
        for parameter in parameters:
            parameter["required"] = True
            parameter["name"] = IDEMPOTENCY
        return parameters, components

    def operation_id(self, method: str, path: str, func: Callable[..., Any]) -> str:  # noqa: ARG002
        """The view's name."""
        return func.__name__


def document_of(app: Quart) -> dict[str, Any]:
    """The document as JSON takes it."""
    app.config.setdefault("QUART_SCHEMA_CONVERSION_PREFERENCE", "pydantic")
    app.config.setdefault("QUART_SCHEMA_CONVERT_CASING", False)
    described = QuartSchema(
        info=Info(title="Vorzimmer", version=__version__),
        security_schemes={"key": {"type": "http", "scheme": "bearer"}},
        security=[{"key": []}],
    )
    schema = ProgramProvider(app, described).schema()
    schema["paths"] = dict(sorted(schema["paths"].items()))
    return schema
