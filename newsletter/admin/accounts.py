"""Who may log in here: Django's own accounts in the admin's dress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

if TYPE_CHECKING:
    from digest.admin.base import ModelAdmin

    class _UserAdmin(DjangoUserAdmin[User]): ...

    class _GroupAdmin(DjangoGroupAdmin): ...

else:
    from digest.admin.base import ModelAdmin

    class _UserAdmin(DjangoUserAdmin, ModelAdmin): ...

    class _GroupAdmin(DjangoGroupAdmin, ModelAdmin): ...


admin.site.unregister([User, Group])


@admin.register(User)
class UserAdmin(_UserAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


@admin.register(Group)
class GroupAdmin(_GroupAdmin):
    pass
