"""Files that prove a commitment, against real PostgreSQL and NATS."""

import asyncio
import hashlib
import io
import json
import zipfile
from typing import Any

import asyncpg
import pytest

from services.engagements.attachment_media import DOCUMENTS, check_name, media_type_of
from shared.bus import Address, open_bus
from shared.errors import InvalidError
from shared.eventstore.store import open_store
from shared.ids import Kind, RecordId
from shared.object_store import CHUNK_BYTES, JetStreamObjects
from tests.service.conftest import running
from tests.service.deciding_world import an_organisation
from tests.service.engagement_world import Gazette
from tests.service.test_engagements_commitments import a_promise

PDF = b"%PDF-1.7 invented delivery note"
AT = "attachments?name=Note.pdf&declared="


@pytest.fixture
async def promise(contacts, engagements):
    """Our officer's line, and the path of a commitment of ours."""
    organisation, ours = await Gazette(contacts, engagements).organisation()
    made = await ours.post("/commitments", a_promise(organisation))
    await ours.until_ready()
    return ours, f"/commitments/{made.id}"


async def added(installed: Any, id_: Any) -> Any:
    async with open_store(installed.databases.url("engagements", "app"), connections=1) as store:
        return json.loads((await store.load(id_))[0].data)


async def stored(installed: Any, name: str) -> Any:
    objects = JetStreamObjects(Address(installed.mission, "hq", "engagements"))
    async with (
        open_bus(installed.nats_url, None, name="test") as client,
        running(objects.run(client)),
    ):
        await asyncio.sleep(0)  # it begins
        return await objects.get(name)


async def test_a_file_comes_back_as_it_was_and_is_stored_in_no_clear(promise, installed):
    ours, at = promise
    content = PDF + bytes(range(256)) * 6 * 1024  # several chunks
    made = await ours.upload(f"{at}/{AT}application/pdf", content)
    assert made.status == 201, made.json
    assert await ours.download(f"/attachments/{made.id}/content") == (200, content)
    event = await added(installed, made.id)
    kept = await stored(installed, event["object_name"])
    assert len(content) > 2 * CHUNK_BYTES
    assert (event["digest"], event["size_bytes"]) == (
        hashlib.sha256(kept).hexdigest(),
        len(content),
    )
    assert (b"delivery" in kept, "Note" in json.dumps(event)) == (False, False)


async def test_what_is_kept_may_be_proved_by_its_own_attachments_only(promise):
    ours, at = promise
    organisation = str(ours.principal.organisation)
    other = await ours.post("/commitments", a_promise(organisation))
    elsewhere = await ours.upload(f"/commitments/{other.id}/{AT}", PDF)
    made = await ours.upload(f"{at}/{AT}", PDF)
    refused = await ours.post(f"{at}/keep", {"attachments": [made.id, elsewhere.id]})
    assert refused.errors == [("/attachments/1", "unknown_reference")]
    kept = await ours.post(f"{at}/keep", {"attachments": [made.id]})
    assert kept.status == 200, kept.json


async def test_a_repeated_upload_makes_one_attachment(promise):
    ours, at = promise
    first = await ours.upload(f"{at}/{AT}", PDF, key="once")
    again = await ours.upload(f"{at}/{AT}", PDF, key="once")
    assert (again.id, again.json["replayed"]) == (first.id, True)


async def test_a_file_is_not_there_for_whoever_may_not_see_what_it_belongs_to(promise):
    ours, at = promise
    made = await ours.upload(f"{at}/{AT}", PDF)
    stranger = ours.but(organisation=an_organisation(), communities=frozenset(), client="other")
    hidden = await stranger.download(f"/attachments/{made.id}/content")
    absent = await stranger.download(f"/attachments/{RecordId.new(Kind.ATTACHMENT)}/content")
    assert (hidden[0], absent[0]) == (404, 404)
    assert (await stranger.upload(f"{at}/{AT}", PDF)).status == 404
    lower = await ours.post(
        f"/attachments/{made.id}/relabel",
        {"label": {"level": "public", "releasable_to": [["all"]]}},
    )
    assert lower.errors == [("/label", "label_below_record")]


async def test_what_was_withdrawn_or_erased_is_gone(promise, installed):
    ours, at = promise
    withdrawn, erased = [await ours.upload(f"{at}/{AT}", PDF) for _ in range(2)]
    await ours.post(f"/attachments/{withdrawn.id}/withdraw", {"reason": "The wrong file"})
    url = installed.databases.url("keystore", "engagements")
    keys = await asyncpg.connect(url)
    await keys.execute(
        "update engagements.keys set wrapped = null, destroyed_at = now() where subject = $1",
        erased.id,
    )
    await keys.close()
    async with installed.engagements() as restarted:
        line = restarted.but(organisation=ours.principal.organisation)
        await line.until_ready()
        for one in (withdrawn, erased):
            assert (await line.download(f"/attachments/{one.id}/content"))[0] == 410


@pytest.mark.parametrize(
    ("content", "declared", "found"),
    [
        (PDF, "application/pdf", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", "image/webp"),
        ("Façade, 17\n".encode(), "text/csv; charset=utf-8", "text/csv"),
        (b"<script>alert(1)</script>", "text/plain", "text/plain"),
    ],
)
def test_a_file_is_what_it_holds(content, declared, found):
    assert media_type_of(content, declared) == found


def an_archive(*names: str) -> Any:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "declared", "code"),
    [
        (b"", "", "media_not_taken"),
        (b"MZ\x90\x00\x03", "", "media_not_taken"),
        (b"PK\x03\x04broken", "", "media_not_taken"),
        (an_archive("evil.exe"), "application/zip", "media_not_taken"),
        (an_archive("word/document.xml", "word/vbaProject.bin"), "", "media_not_taken"),
        (PDF, "image/png", "media_mismatch"),
        (b"<script>alert(1)</script>", "text/html", "media_mismatch"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "media_mismatch"),
    ],
)
def test_what_could_run_or_lies_is_not_taken(content, declared, code):
    with pytest.raises(InvalidError) as refused:
        media_type_of(content, declared)
    assert [one.code for one in refused.value.errors] == [code]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("Note.pdf", "application/pdf"),
        ("NOTE.PDF", "application/pdf"),
        ("Minutes of 12.3. and 13.3.docx", DOCUMENTS["word/document.xml"]),
        ("Minutes", "text/plain"),
        ("the 2.5 km road", "image/png"),
    ],
)
def test_a_name_may_end_as_its_file_does_or_say_nothing(name, media_type):
    check_name(name, media_type)


@pytest.mark.parametrize("name", ["note.exe", "note.pdf.html", "note.svg", "note.png", "note.HTA"])
def test_a_name_that_promises_something_else_is_refused(name):
    with pytest.raises(InvalidError) as refused:
        check_name(name, "application/pdf")
    assert [one.code for one in refused.value.errors] == ["ending_mismatch"]


async def test_a_file_that_ends_like_another_is_not_attached(promise):
    ours, at = promise
    refused = await ours.upload(f"{at}/attachments?name=Note.html&declared=", PDF)
    assert (refused.status, refused.errors) == (422, [("/name", "ending_mismatch")])
