"""What a request carries: JSON as a typed model, forms as plain texts."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from quart import Response, jsonify, request

from appliance.web.errors import JsonWrong
from appliance.web.security import parse_json

M = TypeVar("M", bound=BaseModel)


async def given(model: type[M]) -> M:
    """The JSON body as this model. Raises ``JsonWrong`` for anything else."""
    if request.mimetype != "application/json":
        raise JsonWrong
    body = await request.get_data(as_text=False)
    try:
        return model.model_validate(parse_json(body))
    except ValidationError as error:
        raise JsonWrong from error


async def typed(*names: str) -> dict[str, str]:
    """The named fields of the form as they were typed; one that is missing is an empty text."""
    form = await request.form
    return {name: form.get(name, "") for name in names}


def as_json(model: BaseModel, status: int = 200) -> Response:
    """The model as the answer of the JSON API."""
    response: Response = jsonify(model.model_dump(mode="json"))
    response.status_code = status
    return response
