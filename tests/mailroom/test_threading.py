from dataclasses import replace
from uuid import UUID

from mailroom.threading import KnownCase, Newcomer, join

SHOP, OTHER_SHOP = UUID(int=1), UUID(int=2)
OURS = "<7777777777777777.nanori@minato-coffee.example>"
CASE = KnownCase(
    tenant_id=SHOP,
    case_id=UUID(int=10),
    number=123,
    mailbox="support@minato-coffee.example",
    our_message_ids=frozenset({OURS}),
    participants=frozenset({"tanaka@x.example"}),
    token="aaaaaaaaaaaaaaaa",
)
REPLY = Newcomer(
    tenant_id=SHOP,
    mailbox="Support@minato-coffee.example",
    author="Tanaka@X.example",
    answered_ids=(OURS,),
)


def test_a_participants_answer_to_our_mail_joins_its_case() -> None:
    assert join(REPLY, [CASE]).case_id == CASE.case_id


def test_the_cases_own_address_proves_as_much() -> None:
    assert join(replace(REPLY, answered_ids=(), token=CASE.token), [CASE]).case_id == CASE.case_id


def test_a_strangers_answer_opens_a_new_case_that_names_the_old_one() -> None:
    joining = join(replace(REPLY, author="thief@y.example"), [CASE])
    assert (joining.case_id, joining.possibly) == (None, (123,))


def test_two_authors_are_no_participant() -> None:
    assert join(replace(REPLY, authors=2), [CASE]).case_id is None


def test_a_lookalike_of_a_participant_is_a_stranger() -> None:
    assert join(replace(REPLY, author="tаnaka@x.example"), [CASE]).case_id is None  # a Cyrillic letter


def test_a_message_id_that_we_did_not_make_proves_nothing() -> None:
    joining = join(replace(REPLY, answered_ids=("<guess@minato-coffee.example>",)), [CASE])
    assert (joining.case_id, joining.possibly) == (None, ())


def test_our_proof_is_worth_nothing_at_another_shops_address() -> None:
    assert join(replace(REPLY, tenant_id=OTHER_SHOP), [CASE]).case_id is None
    assert join(replace(REPLY, mailbox="support@hanakage.example", token=CASE.token), [CASE]).case_id is None


def test_the_case_answered_most_closely_wins() -> None:
    other = replace(CASE, case_id=UUID(int=11), number=124, our_message_ids=frozenset({"<b@x>"}), token=None)
    assert join(replace(REPLY, answered_ids=("<b@x>", OURS)), [CASE, other]).case_id == other.case_id
    assert (
        join(replace(REPLY, answered_ids=("<b@x>",), token=CASE.token), [other, CASE]).case_id == CASE.case_id
    )
