# An Icinga 2 notification command: the environment's macros as a form, so that nothing needs quoting for JSON. The key
# stands in a file, not on the command line.
set --
for macro in notification_type notification_author notification_comment host_name host_display_name host_address \
    host_state host_output service_name service_display_name service_state service_output last_hard_state_change timet; do
    eval "value=\${$macro-}"
    set -- "$@" --data-urlencode "$macro=$value"
done
exec curl -sS --fail-with-body --max-time 10 --retry 3 -H @"$SERAI_HEADER" "$SERAI_URL" "$@"
