"""Files that prove something: attached on a commitment's page, and given out to those who may read them."""

from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.partner_api.attachments import KEPT_APART
from services.gateway.upstream import RAW
from services.gateway.web.forms import KEY_FIELD, checked
from services.gateway.web.page import Reader
from services.gateway.web.page_commitment import check_commitment
from services.gateway.web.routing import PageRoute
from services.gateway.web.uploads import file_of, form_with_file
from shared.errors import NotFoundError
from shared.ids import Kind, RecordId

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.post("/commitments/{record_id}/attachments")
async def attach(page: Reader, record_id: str) -> Response:
    check_commitment(record_id)
    async with form_with_file(page) as data:
        form = checked(page, data)
        file, content = await file_of(data)
    told = {"name": file.filename, "declared": file.content_type or ""}
    path = f"/commitments/{record_id}/attachments?{urlencode(told, quote_via=quote, safe='')}"
    headers = {"Idempotency-Key": form[KEY_FIELD], "Content-Type": RAW}
    upstream = page.dashboard.upstream
    await upstream.command("engagements", "POST", path, content, page.session.principal, headers)
    return RedirectResponse(f"/commitments/{record_id}", 303)


@router.get("/attachments/{record_id}/content")
async def content(page: Reader, record_id: str) -> Response:
    """Raises NotFoundError for what is absent or hidden. Always to be saved, never shown in a page."""
    try:
        kind = RecordId.parse(record_id).kind
    except ValueError:
        raise NotFoundError from None
    if kind is not Kind.ATTACHMENT:
        raise NotFoundError
    view = await page.get(f"/records/{record_id}")
    upstream, principal = page.dashboard.upstream, page.session.principal
    found = await upstream.file("engagements", f"/attachments/{record_id}/content", principal)
    name = quote(str(view["title"]["text"] or record_id), safe="")
    told = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    headers = KEPT_APART | told | {"Cache-Control": "no-store"}
    return Response(found, media_type=view["media_type"], headers=headers)
