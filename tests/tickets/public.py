"""How do tests walk the public way: the pages of the form, one after the other?"""

import re


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1]


def answer_of(client, event, age, *, step, **answers):
    """The page that answers one step of a fresh form."""
    url = f"/e/{event.slug}/register/"
    return client.post(url, {"stamp": hidden(client.get(url), "stamp"), "age": age, "step": step} | answers)


def walk(client, event, age, *, stamp="", **answers):
    """Age, details, check, ticket: the page to check, and the answer to "Get my ticket"."""
    url = f"/e/{event.slug}/register/"
    steps = {"stamp": stamp or hidden(client.get(url), "stamp"), "age": age}
    client.post(url, steps | {"step": "age"})
    check = client.post(url, steps | {"step": "check"} | answers)
    return check, client.post(url, steps | {"step": "confirm"} | answers)


def answers_for(age: int, **more):
    """What somebody of this age fills in, without anything optional."""
    answers = {"name": "Ada Example", "borough": "liverpool"}
    if age >= 13:
        answers["email"] = "ada@example.org"
    if age < 16:
        answers |= {"guardian_name": "Gail Guardian", "guardian_email": "gail@example.org"}
    elif age < 18:
        answers |= {"emergency_contact_name": "Ed Example", "emergency_contact_phone": "01632 960 001"}
    return answers | more
