# A notification command of Nagios -> canonical alerts. Whoever writes the command names its fields: names are compared
# in lower case and without marks (host_name, HOSTNAME, NAGIOS_HOSTNAME), values are Nagios's macros.

# An unset macro is empty, a misspelt one stays as it was written.
def text:
  if . == null or type == "object" or type == "array" then null
  else tostring | if . == "" or test("^\\$[A-Z0-9_:]+\\$$") then null else . end
  end;
def plain: ascii_downcase | split("_") | join("") | split(".") | join("") | split("-") | join("") | split(" ") | join("") | ltrimstr("nagios");
def named: with_entries(.key |= plain | .value |= text) | with_entries(select(.value != null));
def clean: with_entries(select(.value != null and .value != [] and .value != {}));
# Nagios writes 0 for never.
def time: if . == null or . == "0" then null else . end;

def mapped($path):
  if type != "object" then {error: "a notification must be an object", field: ($path | rtrimstr("."))}
  else
    named
    | (.hostname // .host // .hostalias // .hostdisplayname // .hostaddress // .address) as $host
    | (.servicedescription // .servicedesc // .servicename // .service // .servicedisplayname) as $service
    | if $host == null then {error: "a notification needs a host", field: ($path + "host_name")}
      else
        ((.notificationtype // (if .type | . != null and (ascii_upcase | . == "HOST" or . == "SERVICE") then null else .type end) // "") | ascii_downcase | split(" ")[0] // "") as $type
        # Where the status says no more than problem, the severity is Nagios' state.
        | (if (.status // "" | ascii_downcase) == "problem" then .severity else null end // .status // .severity) as $said
        | (if $service != null then .servicestate // .state // .servicestateid // .stateid // $said
           else .hoststate // .state // .hoststateid // .stateid // $said
             | if . == "0" then "UP" elif . == "1" then "DOWN" elif . == "2" then "UNREACHABLE" else . end
           end) as $state
        | (if $service != null then .servicestatetype else .hoststatetype end // .statetype // .statustype) as $statetype
        | (($state // "") | ascii_downcase) as $word
        | (["ok", "up", "0"] | index([$word]) != null) as $good
        | {
            source_id: (if $service == null then $host else "\($host):\($service)" end),
            title: (if $service == null then $host else "\($host)/\($service)" end),
            description: (((if $service == null then .hostoutput else .serviceoutput end) // .output // .pluginoutput // .serviceoutput // .hostoutput // .message // .additionalinfo)),
            # What is happening to the problem where the type says so, else the state.
            status: (
              if ["recovery", "acknowledgement", "acknowledged", "downtimestart"] | index([$type]) != null then (.notificationtype // .type) | split(" ")[0]
              elif $statetype != null and ($statetype | ascii_downcase | . == "soft" or . == "0") and ($good | not) then "SOFT"
              elif $type == "problem" or $type == "flappingstart" or $state == null then .notificationtype // .type
              else $state
              end),
            severity: $state,
            service: $service,
            environment: (.environment // .env // .hostenvironment // .serviceenvironment),
            # Since when the state is what it is.
            starts_at: (if $good then null else (if $service == null then .lasthoststatechange else .lastservicestatechange end // .laststatechange) | time end),
            ends_at: (if $good then (if $service == null then .lasthoststatechange else .lastservicestatechange end // .laststatechange) | time else null end),
            event_time: ((.timet // .timestamp // .time // .lastcheck // .lastservicecheck // .lasthostcheck) | time
              | if . != null and test("^[0-9]") then . else null end),
            url: ((if $service == null then .hostactionurl // .hosturl else .serviceactionurl // .serviceurl end) // .url // .link // .actionurl
              | if . != null and test("^https?://") then . else null end),
            labels: ({
                host: $host, alias: (.hostalias // .hostdisplayname // .alias), address: (.hostaddress // .address // .hostip),
                state: $state, state_type: $statetype, notification_type: (.notificationtype // .type),
                attempt: (.attempt // .serviceattempt // .hostattempt), check_command: (.servicecheckcommand // .hostcheckcommand // .checkcommand),
                problem_id: ((.serviceproblemid // .hostproblemid // .problemid) | time), hostgroup: (.hostgroupname // .hostgroupnames // .hostgroup)
              } | clean),
            annotations: ({
                long_output: (.longserviceoutput // .longhostoutput // .longpluginoutput // .longoutput), perfdata: (.serviceperfdata // .hostperfdata // .perfdata),
                author: (.notificationauthor // .ackauthor // .serviceackauthor // .hostackauthor // .acknowledgementauthor // .author),
                comment: (.notificationcomment // .ackcomment // .serviceackcomment // .hostackcomment // .acknowledgementcomment // .comment),
                notes: (.servicenotes // .hostnotes // .notes), runbook: (.servicenotesurl // .hostnotesurl // .notesurl)
              } | clean),
            entities: [{type: "HOST", name: $host, address: (.hostaddress // .address // .hostip)} | clean]
          } | clean
      end
  end;

def each($path): [to_entries[] | .key as $i | .value | mapped($path + "[\($i)].")];

# NRDP posts check results as JSON, or as JSON in the field of a form.
if type == "array" then each("")
elif type == "object" and (.checkresults | type) == "array" then .checkresults | each("checkresults")
elif type == "object" and .cmd == "submitcheck" then
  . as $form
  | [("json", "JSONDATA") | select($form[.] | type == "string")][0] as $field
  | (if $field == null then null else $form[$field] | try fromjson catch null end) as $sent
  | if ($sent | type) == "object" and ($sent.checkresults | type) == "array" then $sent.checkresults | each("\($field).checkresults")
    else [{error: "the check results must be JSON in the field json or JSONDATA", field: ($field // "json")}] end
else [mapped("")]
end
