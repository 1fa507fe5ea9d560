"""The same small page in Django with htmx: a list in SQLite, each box a form that sends itself. `SIZE` says how many."""

import os
from pathlib import Path

import django
import django_htmx
from django.conf import settings
from django.core.management.utils import get_random_secret_key
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

HTMX = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
settings.configure(
    SECRET_KEY=get_random_secret_key(),
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": Path(os.environ["DATA_DIR"]) / "django.db"}},
    INSTALLED_APPS=["django_htmx"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
django.setup()


class Task(models.Model):
    """A task."""

    title = models.CharField(max_length=200)
    done = models.BooleanField(default=False)

    class Meta:
        """Where it lies."""

        app_label = "django_htmx"


ROW = """<li><input type="checkbox" {% if task.done %}checked{% endif %} hx-post="/tick/{{ task.id }}" hx-target="closest li"
 hx-swap="outerHTML"> <span>{{ task.title }}</span></li>"""
PAGE = f"""<!doctype html><html lang="en"><title>Inbox</title><script src="/htmx.js" defer></script>
<h1>Inbox</h1><ul>{{% for task in tasks %}}{ROW}{{% endfor %}}</ul></html>"""


def inbox(_request: HttpRequest) -> HttpResponse:
    """The list."""
    return HttpResponse(Template(PAGE).render(Context({"tasks": Task.objects.all()})))


def tick(_request: HttpRequest, number: int) -> HttpResponse:
    """Ticks one, and draws it."""
    task = Task.objects.get(pk=number)
    task.done = not task.done
    task.save()
    return HttpResponse(Template(ROW).render(Context({"task": task})))


def script(_request: HttpRequest) -> HttpResponse:
    """htmx."""
    return HttpResponse(HTMX.read_bytes(), content_type="text/javascript")


urlpatterns = [
    path("inbox", inbox),
    path("tick/<int:number>", tick),
    path("htmx.js", script),
    path("health", lambda _request: HttpResponse("ok")),
]
with connection.schema_editor() as editor:
    editor.create_model(Task)
Task.objects.bulk_create(Task(title=f"Task {number}") for number in range(int(os.environ["SIZE"])))
app = get_wsgi_application()
