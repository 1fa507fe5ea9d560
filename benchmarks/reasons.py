"""Why goals are not met, where they are not: each stands below the table of its line in RESULTS.md."""

OF_A_TICK = (
    "**A tick**: an echo and an event that does nothing neither look at a session nor write. A tick does both, in two "
    "transactions of eight statements, one of them synced to the disk, and records the change for undo, history and other "
    "pages. What is left is spread thin: half in the database's threads (finding the row 10 %, writing it 10 %, the feed "
    "and the commit 9 %, the session 8 %), half in Reflex and the socket. Tried and in use: statements put together once, "
    "columns instead of rows for what is only read, one message for mark, toast and counts, no second reading of the list. "
    "Looking at the session less often would save an eighth, and let an ended one live on."
)
OF_LOOKS = (
    "**Looks ticked**: the echo is a fraction of a millisecond. The click itself takes longer: React's listeners and ours, "
    "and the row drawn anew. Nothing waits for the server, and 1 to 3 ms are a fraction of a frame."
)
OF_CONFIRMED = "**Tick confirmed in the browser**: as above, and the browser's own work with the answer."
OF_THE_FIRST_BOX = (
    "**The first task to tick**: the first to be read comes with the page; one that answers needs the page's script, 157 "
    "KB, and React to have gone over all that is there before Reflex asks for the list; the server has it ready 25 ms "
    "later. The page has four times the elements of the naive one. Tried and in use: menus and dialogs come later, a row is "
    "12 elements where it was 32, icons are drawn by the style sheet, few files. Putting off more changed nothing."
)
OF_AN_EDIT = (
    "**An edit**: Reflex starts the server anew, which takes the time: Python reads Reflex, FastAPI, SQLAlchemy and all "
    "pages again, 1.3 to 1.7 s of it. Tried and in use: what only some commands need is imported there, and pages are "
    "functions that are called late."
)
OF_READING = (
    "**Reading**: the bare route with columns and msgspec, for nobody in particular, is what FastAPI and SQLAlchemy can do, "
    "and it is far from the goal itself. Ours reads 21 columns instead of five, looks at the session, so that an ended one "
    "is refused at once, and counts tasks and subtasks. The database's threads take half of the time (Python values of the "
    "rows a seventh, views of them a seventh, the session a fourteenth), and FastAPI with what stands around it the other "
    "half (the token a twelfth). Tried and in use: columns instead of rows, statements put together once, fewer statements, "
    "JSON by pydantic's own writer. Threads that give way to each other more or less often changed nothing."
)
OF_WRITING = (
    "**Writing**: one synced commit, and in it the session held, the task, the number of the change, the change and its "
    "items; with a key, the answer too. The bare server writes nothing."
)
OF_COUNTING = (
    "**Who owns them all**: a page of the list is found and read in the order of an index, on both databases. What grows is "
    "the number in its heading: the list says how many tasks there are, and to count them is to go over them, a million in "
    "an index. Somebody's 50,000 take SQLite 3 ms and PostgreSQL 10. Counters beside the rows would make each change write "
    "more, for everybody."
)
OF_A_THOUSAND = (
    "**A thousand at once**: four times more than two cores answer, at what a tick costs (above), and clients, PostgreSQL "
    "and Redis share those cores. Nothing is lost, and everybody waits. Of a page's memory 160 KB are what the web server "
    "keeps for any websocket, one that only echoes too."
)
