"""Somebody who learns: through a lesson in a frame, with answers that a test knows."""

from collections.abc import Callable

from ruangaman.core.learning.model import Course, Item
from tests.waiting import promised

READY = ".bar:not([hidden])"

KEPT = """async (told) => {
  const base = await new Promise((resolve, reject) => {
    const asked = indexedDB.open("pelajaran", 1);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const rows = await new Promise((resolve) => {
    const asked = base.transaction("pelajaran").objectStore("pelajaran").getAll();
    asked.onsuccess = () => resolve(asked.result);
  });
  base.close();
  return JSON.stringify(rows).includes(told);
}"""


def kept_here(page, told: str) -> None:
    """Wait until this device remembers it: a page that is left in the same moment may still be writing."""
    promised(page, KEPT, told)


def counted(course: Course, objective: str) -> tuple[Item, ...]:
    """The items by which a package scores: practice and form B."""
    practice = [one.items for one in course.lessons[objective].screens if one.kind == "practise"]
    form = course.forms.get((objective, "B"))
    return tuple(item for items in practice for item in items) + (form.items if form else ())


def choose(frame, item: Item, right: bool = True) -> str:
    """Answer an item that stands on the page, surely where that is asked; gives what was said to it."""
    option = item.answer if right else next(one.id for one in item.options if not one.right)
    box = frame.locator(f"[data-item={item.id}]")
    box.locator(f"input[value={option}]").check()
    if box.locator("[data-yakin]").is_visible():
        box.locator("[data-ya]").click()
    return box.locator(f"input[value={option}] ~ .feedback").inner_text()


def on(frame) -> None:
    """To the next screen."""
    frame.locator("[data-maju]").click()


def through(frame, course: Course, objective: str, right: Callable[[Item], bool]) -> None:
    """From wherever the lesson stands to its end; every counted item on the way is answered if it is not yet."""
    items = {one.id: one for one in counted(course, objective)}
    while True:
        for box in frame.locator(".step:visible [data-item]").all():
            item = items.get(box.get_attribute("data-item"))
            if item and not box.locator("input:checked").count():
                choose(frame, item, right(item))
        if not frame.locator("[data-maju]").is_visible():
            return
        on(frame)
