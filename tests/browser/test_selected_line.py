"""A selected line of the Activity page, in a real browser: what it says comes in sight."""

from playwright.sync_api import expect

from tests.browser.people import Person, sign_in_owner, wait_until_drawn, wait_until_settled
from tests.browser.running import Server

ROW_PIXELS = 36


def test_what_a_selected_line_says_is_in_sight_beside_the_line(
    demo_server: Server, owner: Person
) -> None:
    page = owner.page
    sign_in_owner(page, demo_server)
    page.goto(f"{demo_server.address}/activity")
    wait_until_settled(page)
    grid = page.locator('[class*="st-key-activity_lines_activity_refused"] canvas').first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None

    page.mouse.click(box["x"] + 130, box["y"] + 1.5 * ROW_PIXELS)
    wait_until_drawn(page)

    panel = page.locator(".st-key-activity_refused_panel")
    expect(panel.get_by_role("button", name="Block on this link")).to_be_in_viewport()
    expect(grid).to_be_in_viewport()
