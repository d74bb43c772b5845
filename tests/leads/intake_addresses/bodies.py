"""What form tools send by themselves, in the shapes of their public documentation.

Each body is of one person: Jane Doe, 07700 900123, jane@example.com, who ticked the box. `source`
names where the shape is documented.
"""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Body:
    """A body of a tool. mapped: columns of the address where the tool's usual names will not do.

    responses: the answers that the lead has.
    """

    tool: str
    source: str
    data: Any
    sent_as: str
    goal: str = ""
    responses: dict[str, str] = field(default_factory=dict)
    mapped: dict[str, Any] = field(default_factory=dict)
    consent: dict[str, str] = field(default_factory=dict)

    def request(self, phone: str) -> dict[str, Any]:
        """Return the arguments of requests.post, with another phone in the place of Jane's."""
        data = json.loads(json.dumps(self.data).replace(PHONE, phone))
        if self.sent_as == JSON:
            return {"json": data}
        if self.sent_as == FORM:
            return {"data": urlencode(data), "headers": {"Content-Type": FORM}}
        return {"files": [(name, (None, value)) for name, value in data.items()]}


PHONE = "07700 900123"

CONTACT_FORM_7 = Body(
    tool="contact_form_7",
    source="The default form of Contact Form 7 (https://contactform7.com/editing-form-template/) "
    "with a phone and an acceptance, sent by the plugin CF7 to Webhook "
    "(https://wordpress.org/plugins/cf7-to-zapier/): JSON, by the names of the tags.",
    data={
        "your-name": "Jane Doe",
        "your-email": "jane@example.com",
        "tel-123": PHONE,
        "your-subject": "Plans",
        "your-message": "Wants to compare plans.",
        "menu-7": ["10 to 50"],
        "acceptance-456": "1",
    },
    sent_as=JSON,
    goal="Wants to compare plans.",
    responses={"your-subject": "Plans", "menu-7": "10 to 50"},
)
GRAVITY = Body(
    tool="gravity",
    source="The Webhooks add-on with all fields as JSON sends the entry "
    "(https://docs.gravityforms.com/entry-object/): answers by the numbers of their fields, a "
    "consent as 5.1 to 5.3 (https://docs.gravityforms.com/gf_field_consent/).",
    data={
        "id": "123",
        "form_id": "4",
        "post_id": None,
        "date_created": "2026-11-20 10:11:12",
        "date_updated": "2026-11-20 10:11:12",
        "is_starred": "0",
        "is_read": "0",
        "ip": "203.0.113.9",
        "source_url": "https://acme.example/contact/",
        "user_agent": "Mozilla/5.0",
        "currency": "USD",
        "payment_status": None,
        "created_by": None,
        "status": "active",
        "1.2": "",
        "1.3": "Jane",
        "1.4": "",
        "1.6": "Doe",
        "1.8": "",
        "2": "jane@example.com",
        "3": PHONE,
        "4": "Wants to compare plans.",
        "5.1": "1",
        "5.2": "I agree to be called.",
        "5.3": "7",
        "6": "12 people",
    },
    sent_as=JSON,
    goal="Wants to compare plans.",
    responses={"5.2": "I agree to be called.", "5.3": "7", "6": "12 people"},
)
ELEMENTOR = Body(
    tool="elementor",
    source="The action Webhook of Elementor Pro's form "
    "(https://elementor.com/help/how-to-send-form-submissions-to-a-webhook/): urlencoded, by the "
    "labels of the fields, with the form's metadata.",
    data={
        "Name": "Jane Doe",
        "Email": "jane@example.com",
        "Phone": PHONE,
        "Message": "Wants to compare plans.",
        "Company": "Acme",
        "I agree to be called": "on",
        "Date": "November 20, 2026",
        "Time": "10:11 am",
        "Page URL": "https://acme.example/contact/",
        "User Agent": "Mozilla/5.0",
        "Remote IP": "203.0.113.9",
        "Powered by": "Elementor",
        "form_id": "a1b2c3d",
        "form_name": "Contact",
    },
    sent_as=FORM,
    goal="Wants to compare plans.",
    responses={"Company": "Acme"},
)
ELEMENTOR_ADVANCED = Body(
    tool="elementor",
    source="The same with its switch Advanced Data: names in brackets.",
    data={
        "form[id]": "a1b2c3d",
        "form[name]": "Contact",
        **{
            f"fields[{name}][{part}]": value
            for name, kind, title, said in (
                ("name", "text", "Name", "Jane Doe"),
                ("email", "email", "Email", "jane@example.com"),
                ("field_1", "tel", "", PHONE),
                ("message", "textarea", "Message", "Wants to compare plans."),
                ("field_2", "acceptance", "", "on"),
                ("field_3", "text", "Company", "Acme"),
            )
            for part, value in (
                ("id", name),
                ("type", kind),
                ("title", title),
                ("value", said),
                ("raw_value", said),
                ("required", "1"),
            )
        },
        "meta[date][title]": "Date",
        "meta[date][value]": "November 20, 2026",
        "meta[remote_ip][title]": "Remote IP",
        "meta[remote_ip][value]": "203.0.113.9",
    },
    sent_as=FORM,
    goal="Wants to compare plans.",
    responses={"Company": "Acme"},
)


def typeform_answer(kind: str, of: str, ref: str, value) -> dict:
    return {"type": kind, kind: value, "field": {"id": ref.upper(), "type": of, "ref": ref}}


def typeform_field(of: str, ref: str, title: str) -> dict:
    return {"id": ref.upper(), "title": title, "type": of, "ref": ref, "properties": {}}


TYPEFORM = Body(
    tool="typeform",
    source="https://www.typeform.com/developers/webhooks/example-payload/",
    data={
        "event_id": "LtWXD3crgy",
        "event_type": "form_response",
        "form_response": {
            "form_id": "lT4Z3j",
            "token": "a3a12ec67a1365927098a606107fac15",
            "submitted_at": "2026-11-20T10:11:12Z",
            "landed_at": "2026-11-20T10:10:02Z",
            "hidden": {"utm_source": "spring-mail"},
            "definition": {
                "id": "lT4Z3j",
                "title": "Contact",
                "fields": [
                    typeform_field("short_text", "a1", "What is your first name?"),
                    typeform_field("short_text", "a2", "Last name"),
                    typeform_field("phone_number", "a3", "Where can we ring you?"),
                    typeform_field("email", "a4", "And your e-mail?"),
                    typeform_field("long_text", "a5", "What would you like to reach?"),
                    typeform_field("multiple_choice", "a6", "How many are you?"),
                    typeform_field("legal", "a7", "May we call you about it?"),
                ],
            },
            "answers": [
                typeform_answer("text", "short_text", "a1", "Jane"),
                typeform_answer("text", "short_text", "a2", "Doe"),
                typeform_answer("phone_number", "phone_number", "a3", PHONE),
                typeform_answer("email", "email", "a4", "jane@example.com"),
                typeform_answer("text", "long_text", "a5", "Wants to compare plans."),
                typeform_answer("choice", "multiple_choice", "a6", {"label": "10 to 50"}),
                typeform_answer("boolean", "legal", "a7", True),
            ],
        },
    },
    sent_as=JSON,
    goal="Wants to compare plans.",
    responses={"How many are you?": "10 to 50"},
)
ZAPIER = Body(
    tool="zapier_make",
    source="Webhooks by Zapier, POST, payload type Form: the keys that its user entered "
    "(https://help.zapier.com/hc/en-us/articles/8496326446989-Send-webhooks-in-Zaps).",
    data={
        "name": "Jane Doe",
        "phone": PHONE,
        "email": "jane@example.com",
        "goal": "Wants to compare plans.",
        "consent": "True",
        "utm_source": "spring-mail",
        "company": "Acme",
    },
    sent_as=FORM,
    goal="Wants to compare plans.",
    responses={"company": "Acme"},
)
MAKE = Body(
    tool="zapier_make",
    source="Make's HTTP module, body type JSON (https://apps.make.com/http).",
    data={
        "first_name": "Jane",
        "last_name": "Doe",
        "phone": PHONE,
        "email": "jane@example.com",
        "message": "Wants to compare plans.",
        "consent": True,
    },
    sent_as=JSON,
    goal="Wants to compare plans.",
)

JOTFORM = Body(
    tool="other",
    source="https://www.jotform.com/help/245-how-to-setup-a-webhook-with-jotform/: multipart, the "
    "answers as JSON in `rawRequest`.",
    data={
        "action": "",
        "formID": "230001112223334",
        "submissionID": "5581234567891234567",
        "formTitle": "Contact",
        "ip": "203.0.113.9",
        "pretty": f"Name:Jane Doe, Phone Number:{PHONE}",
        "rawRequest": json.dumps(
            {
                "slug": "submit/230001112223334",
                "q3_name": {"first": "Jane", "last": "Doe"},
                "q4_email": "jane@example.com",
                "q5_phoneNumber": {"full": PHONE},
                "q6_howMany": "10 to 50",
                "q7_mayWe": ["Yes, call me"],
            }
        ),
    },
    sent_as="multipart/form-data",
    mapped={
        "name_field": "rawRequest.q3_name.first",
        "last_name_field": "rawRequest.q3_name.last",
        "phone_field": "rawRequest.q5_phoneNumber.full",
        "email_field": "rawRequest.q4_email",
        "left_out": [
            *("action", "formID", "submissionID", "formTitle", "ip", "pretty"),
            "rawRequest.slug",
        ],
    },
    consent={"field": "rawRequest.q7_mayWe", "ticked": "Yes, call me"},
    responses={"rawRequest.q6_howMany": "10 to 50"},
)
TALLY = Body(
    tool="other",
    source="https://tally.so/help/webhooks",
    data={
        "eventId": "a4cb511e-d513-4fa5-baee-b815d718dfd1",
        "eventType": "FORM_RESPONSE",
        "createdAt": "2026-11-20T10:11:12.000Z",
        "data": {
            "responseId": "2wgx4n",
            "formId": "VwbNEw",
            "formName": "Contact",
            "fields": [
                {
                    "key": "question_3EKz4n",
                    "label": "Who are you?",
                    "type": "INPUT_TEXT",
                    "value": "Jane Doe",
                },
                {
                    "key": "question_w4Q4Xn",
                    "label": "Email",
                    "type": "INPUT_EMAIL",
                    "value": "jane@example.com",
                },
                {
                    "key": "question_3jZaa3",
                    "label": "Your number",
                    "type": "INPUT_PHONE_NUMBER",
                    "value": PHONE,
                },
                {
                    "key": "question_w2XjBw",
                    "label": "How many are you?",
                    "type": "DROPDOWN",
                    "value": ["53ff66f1"],
                    "options": [
                        {"id": "53ff66f1", "text": "10 to 50"},
                        {"id": "1c7b0a11", "text": "More"},
                    ],
                },
                {
                    "key": "question_wA7Ek2",
                    "label": "Call me",
                    "type": "CHECKBOXES",
                    "value": ["c3c1ec29"],
                    "options": [{"id": "c3c1ec29", "text": "Yes, call me"}],
                },
                {
                    "key": "question_wA7Ek2_c3c1ec29",
                    "label": "Call me (Yes, call me)",
                    "type": "CHECKBOXES",
                    "value": True,
                },
            ],
        },
    },
    sent_as=JSON,
    mapped={
        "name_field": "data.fields.question_3EKz4n",
        "phone_field": "data.fields.question_3jZaa3",
        "email_field": "data.fields.question_w4Q4Xn",
        "left_out": [
            *("eventId", "eventType", "createdAt"),
            *("data.responseId", "data.formId", "data.formName"),
            "data.fields.question_wA7Ek2",
        ],
    },
    consent={"field": "data.fields.question_wA7Ek2_c3c1ec29"},
    responses={"How many are you?": "10 to 50"},
)
WEBFLOW = Body(
    tool="other",
    source="https://developers.webflow.com/data/reference/webhooks/events/form-submission",
    data={
        "triggerType": "form_submission",
        "payload": {
            "name": "Contact Us",
            "siteId": "65427cf400e02b306eaa049c",
            "data": {
                "First Name": "Jane",
                "Last Name": "Doe",
                "email": "jane@example.com",
                "Phone Number": PHONE,
                "Team": "10 to 50",
                "May we call": "true",
            },
            "schema": [
                {
                    "fieldName": "First Name",
                    "fieldType": "FormTextInput",
                    "fieldElementId": "285042f7-d554-dc7f-102c-aa10d6a2d2c4",
                }
            ],
            "submittedAt": "2026-11-20T10:11:12.000Z",
            "id": "6321ca84df3949bfc6752327",
            "formId": "65429eadebe8a9f3a30f62d0",
            "formElementId": "4e038d2c-6a1e-4953-7be9-a59a2b453177",
        },
    },
    sent_as=JSON,
    mapped={
        "name_field": "payload.data.First Name",
        "last_name_field": "payload.data.Last Name",
        "phone_field": "payload.data.Phone Number",
        "email_field": "payload.data.email",
        "left_out": [
            *("triggerType", "payload.name", "payload.siteId", "payload.submittedAt"),
            *("payload.id", "payload.formId", "payload.formElementId"),
            *(f"payload.schema.1.{part}" for part in ("fieldName", "fieldType", "fieldElementId")),
        ],
    },
    consent={"field": "payload.data.May we call"},
    responses={"payload.data.Team": "10 to 50"},
)
BY_NAME = {name: body for name, body in list(globals().items()) if isinstance(body, Body)}
