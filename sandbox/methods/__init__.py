"""The Web API methods the sandbox knows, one line each."""

from collections.abc import Mapping
from types import MappingProxyType

from sandbox.methods import chat, conversations, files, identity, views
from sandbox.methods.call import Method

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "auth.test": Method(identity.auth_test),
        "apps.connections.open": Method(identity.open_connection, "connections:write", owner="app"),
        "oauth.v2.access": Method(identity.oauth_access, owner=None),
        "bots.info": Method(identity.bot_info, "users:read"),
        "users.info": Method(identity.user_info, "users:read", reads_json=False),
        "users.list": Method(identity.user_list, "users:read"),
        "usergroups.users.list": Method(identity.group_users, "usergroups:read", reads_json=False),
        "conversations.info": Method(conversations.info),
        "conversations.list": Method(conversations.listing),
        "conversations.members": Method(conversations.members),
        "conversations.open": Method(conversations.open_direct),
        "users.conversations": Method(conversations.mine),
        "chat.postMessage": Method(chat.post, "chat:write"),
        "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write"),
        "chat.update": Method(chat.update, "chat:write"),
        "chat.delete": Method(chat.delete, "chat:write"),
        "chat.getPermalink": Method(chat.permalink),
        "files.getUploadURLExternal": Method(files.upload_url, "files:write", reads_json=False),
        "files.completeUploadExternal": Method(files.complete, "files:write"),
        "views.open": Method(views.open_modal),
        "views.push": Method(views.push),
        "views.update": Method(views.update),
        "views.publish": Method(views.publish),
    }
)
