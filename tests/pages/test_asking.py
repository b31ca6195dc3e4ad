"""Who is asking: found once for a run, and found anew by whatever runs later."""

from data.members import get_first_owner
from pages.ui.asking import drawing_for, get_member
from pages.ui.runtime import Runtime


def test_a_page_is_drawn_for_whom_its_run_found(runtime: Runtime) -> None:
    ada = get_first_owner(runtime.db)

    with drawing_for(ada):
        assert get_member() == ada


def test_nobody_found_is_nobody_for_the_page_too(runtime: Runtime, signed_in: None) -> None:
    with drawing_for(None):
        assert get_member() is None


def test_after_the_page_the_database_is_asked_again(runtime: Runtime, signed_in: None) -> None:
    with drawing_for(None):
        pass

    assert get_member() == get_first_owner(runtime.db)
