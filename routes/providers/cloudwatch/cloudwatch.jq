# CloudWatch: an alarm in an SNS envelope, the alarm alone (raw delivery), an EventBridge event, the input of a Lambda
# function, and a member of DescribeAlarms -> canonical alerts. The alarm's ARN is the identity in every form; where a
# message has none, it is made of what an ARN is made of. What else arrives through SNS is one alert for each message.

def text: if . == null or type == "object" or type == "array" then null else tostring | if . == "" then null else . end end;
def clean: with_entries(select(.value != null and .value != [] and .value != {}));
def object: if type == "string" then (try fromjson catch null) else . end | if type == "object" then . else null end;
def fields: if type == "object" then . else {} end;
def objects_of: if type == "array" then map(select(type == "object")) else [] end;
def one_line: split("\n") | map(split("\r") | join("")) | map(select(. != "")) | (.[0] // "") | if length > 200 then .[0:200] + "..." else . end | text;
# arn:partition:service:region:account:rest
def arn: text | if . == null then {} else split(":") | if length > 5 and .[0] == "arn" then {partition: .[1], region: (.[3] | text), account: (.[4] | text), name: (.[5:] | join(":"))} else {} end end;
def region_code: text | if . != null and test("^[a-z]{2}(-[a-z]+)+-[0-9]+$") then . else null end;

# A metric's dimensions: a list in SNS and in the API, an object in EventBridge.
def dimensions:
  if type == "array" then map(select(type == "object") | {name: ((.name // .Name) | text), value: ((.value // .Value) | text)})
  elif type == "object" then to_entries | map({name: .key, value: (.value | text)})
  else [] end
  | map(select(.name != null and .value != null));
def metric:
  if type != "object" then empty
  else ((.MetricStat // .metricStat) | fields | (.Metric // .metric) | fields) as $inner
    | {namespace: ((.Namespace // .namespace // $inner.Namespace // $inner.namespace) | text),
       name: ((.MetricName // $inner.MetricName // $inner.name // $inner.metricName) | text),
       dimensions: ((.Dimensions // .dimensions // $inner.Dimensions // $inner.dimensions) | dimensions)}
    | select(.namespace != null or .name != null or .dimensions != [])
  end;
def metrics: [metric, ((.Metrics // .metrics) | objects_of[] | metric)];
def named($names): [.[] | select(.name as $name | $names | index([$name | ascii_downcase])) | .value][0] // null;
def unique_in_order: reduce .[] as $each ([]; if index([$each]) then . else . + [$each] end);

# What all forms of an alarm have in common -> one alert. Each step stands in a list of its own: a step that another one
# follows stays on Java's stack, a list is done when it is there.
def alert($alarm; $path):
  ($alarm.arn | arn) as $arn
  | [($alarm.name // ($arn.name | if . == null then null else ltrimstr("alarm:") end))][0] as $name
  | [($alarm.region // $arn.region)][0] as $region
  | [($alarm.account // $arn.account)][0] as $account
  | if $name == null then {error: "an alarm needs AlarmName", field: ($path + "AlarmName")}
    else
      ([$alarm.metrics[].dimensions[]] | unique_in_order) as $dimensions
      | [($alarm.metrics[0].namespace // null)][0] as $namespace
      | [(if $alarm.deleted then "DELETED" elif $alarm.suppressed and ($alarm.state // "" | ascii_upcase) == "ALARM" then "ALARM, actions suppressed" else $alarm.state end)][0] as $state
      | {
          source_id: [(($alarm.arn | text)
            // (if $region != null and $account != null then "arn:\($alarm.partition // "aws"):cloudwatch:\($region):\($account):alarm:\($name)" else null end)
            // ([$account, $region // $alarm.region_name, $name] | map(select(. != null)) | join("/")))
            + (if $alarm.contributor == null then "" else "/contributor/" + $alarm.contributor end)][0],
          title: $name,
          description: [($alarm.description // $alarm.reason)][0],
          status: $state,
          severity: [$alarm.severity][0],
          service: [(($dimensions | named(["servicename", "service"])) // $namespace)][0],
          environment: [($dimensions | named(["environment", "environmentname", "env", "stage"]))][0],
          event_time: [$alarm.at][0],
          starts_at: [(if $state == "OK" or $state == "DELETED" then null else $alarm.at end)][0],
          ends_at: [(if $state == "OK" or $state == "DELETED" then $alarm.at else null end)][0],
          labels: [({alarm: $name, account: $account, region: ($region // $alarm.region_name), namespace: $namespace,
                    metric: ($alarm.metrics[0].name // null), contributor: $alarm.contributor, topic: $alarm.topic} | clean)][0],
          annotations: [({reason: (if $alarm.description == null then null else $alarm.reason end), previous_state: $alarm.previous,
                         rule: $alarm.rule, subject: $alarm.subject} | clean)][0],
          entities: [([$dimensions[] | {id: .value, name: .value, type: .name}]
            + [$alarm.children[] | {id: .arn, name: ((.arn | arn | .name) // .arn | ltrimstr("alarm:")), type: "alarm", state: .state} | clean])][0],
          url: [(if $region == null then null
                else "https://\($region).console.\({"aws-cn": "amazonaws.cn", "aws-us-gov": "amazonaws-us-gov.com"}[$arn.partition // $alarm.partition // "aws"] // "aws.amazon.com")/cloudwatch/home?region=\($region)#alarmsV2:alarm/\($name | @uri)" end)][0],
          notes: [(
            (if ($alarm.arn | text) == null then ["no AlarmArn: identified by account, region and name"] else [] end)
            + (if $alarm.deleted then ["the alarm was deleted"] else [] end))][0]
        } | clean
    end;

# The alarm as SNS carries it and, with other names for its state, as DescribeAlarms lists it.
def from_alarm($sns; $path):
  (($sns.TopicArn // null) | arn) as $topic
  | [{
      arn: .AlarmArn, name: (.AlarmName | text), partition: $topic.partition,
      account: ((.AWSAccountId | text) // $topic.account), region: ((.Region | region_code) // $topic.region), region_name: (.Region | text),
      state: ((.NewStateValue // .StateValue) | text), previous: (.OldStateValue | text),
      reason: ((.NewStateReason // .StateReason) | text), description: (.AlarmDescription | text),
      severity: ((.severity // .Severity // .Priority) | text),
      at: (.StateChangeTime // .StateTransitionedTimestamp // .StateUpdatedTimestamp // $sns.Timestamp),
      metrics: ((if (.Trigger | type) == "object" then .Trigger else . end) | metrics),
      rule: (.AlarmRule | text), topic: ($sns.TopicArn | text), subject: ($sns.Subject | text),
      children: [.TriggeringChildren | objects_of[] | {arn: ((.Arn // .arn) | text), state: (.State | if type == "object" then .Value else . end | text)} | select(.arn != null)],
      suppressed: ((.ActionsSuppressedBy | text) != null)
    }][0] as $alarm
  | alert($alarm; $path);

# EventBridge: CloudWatch Alarm State Change, CloudWatch Alarm Configuration Change. An alarm over many time series tells of each
# of them (Alarm Contributor State Change) beside its own state: each is an alert of its own, since they end one by one.
def from_event($sns; $path):
  (.detail | .state |= fields | .previousState |= fields | .configuration |= fields | .alarmContributor |= fields | .muteDetail |= fields) as $detail
  | [{
      arn: (if (.resources | type) == "array" then .resources[0] else null end), name: ($detail.alarmName | text),
      account: (.account | text), region: (.region | region_code), region_name: (.region | text), partition: null,
      state: ($detail.state.value | text), previous: ($detail.previousState.value | text),
      reason: ($detail.state.reason | text), description: ($detail.configuration.description | text), severity: null,
      at: ($detail.state.timestamp // .time),
      metrics: [($detail.configuration | metrics[]), {namespace: null, name: null, dimensions: ($detail.alarmContributor.attributes | dimensions)}],
      contributor: ($detail.alarmContributor.id | text),
      rule: ($detail.configuration.alarmRule | text), topic: ($sns.TopicArn | text), subject: ($sns.Subject | text), children: [],
      suppressed: (($detail.state.actionsSuppressedBy // $detail.muteDetail.mutedByArn | text) != null), deleted: (($detail.operation | text // "" | ascii_downcase) == "delete")
    }][0] as $alarm
  | alert($alarm; $path + "detail.");

# What an alarm hands to a Lambda function.
def from_function($path):
  (.alarmData | .state |= fields | .previousState |= fields | .configuration |= fields) as $data
  | [{
      arn: .alarmArn, name: ($data.alarmName | text), account: (.accountId | text), region: (.region | region_code), region_name: (.region | text),
      partition: null, state: ($data.state.value | text), previous: ($data.previousState.value | text), reason: ($data.state.reason | text),
      description: ($data.configuration.description | text), severity: null, at: ($data.state.timestamp // .time),
      metrics: ($data.configuration | if type == "object" then metrics else [] end), rule: ($data.configuration.alarmRule | text),
      topic: null, subject: null, children: [], suppressed: (($data.state.actionsSuppressedBy | text) != null)
    }][0] as $alarm
  | alert($alarm; $path + "alarmData.");

# GuardDuty gives a number; its bands are those of its documentation. Macie and Security Hub give an object.
def banded:
  if type == "number" then (if . >= 9 then "critical" elif . >= 7 then "high" elif . >= 4 then "medium" else "low" end)
  elif type == "object" and (.Normalized | type) == "number" and .Label == null then
    .Normalized | if . >= 90 then "critical" elif . >= 70 then "high" elif . >= 40 then "medium" elif . >= 1 then "low" else "info" end
  elif type == "object" then (.Label // .label // .description | text)
  else text end;

def nothing_resolves: if .status == null then .notes = ["an event that is no alarm: nothing resolves it"] else . end;

# Security Hub puts several findings into one event, in its own format or in OCSF.
def from_finding($event; $sns):
  (.finding_info | fields) as $info
  | [((.Workflow | fields | .Status) // .WorkflowState // .status | text)][0] as $workflow
  | {
      source_id: [((.Id // $info.uid // (.metadata | fields | .uid) // .FindingId // (.ProductFields | fields | ."aws/securityhub/FindingId")) | text)
        // ([.GeneratorId, .Title] | map(text | select(. != null)) | join("/") | text) // ($event.id | text)][0],
      title: [((.Title // $info.title // $event."detail-type") | text)][0],
      description: [((.Description // $info.desc) | text)][0],
      status: [(if (.RecordState // "" | text // "" | ascii_downcase) == "archived" then "ARCHIVED" else $workflow end)][0],
      severity: [((.Severity // .severity) | banded)][0],
      service: [((.ProductName // $event.source) | text)][0],
      event_time: [(.UpdatedAt // $event.time)][0],
      starts_at: [((.FirstObservedAt // .CreatedAt | text) // $event.time)][0],
      labels: [({account: (.AwsAccountId // $event.account), region: (.Region // $event.region), source: $event.source, event: $event."detail-type", topic: $sns.TopicArn} | map_values(text) | clean)][0],
      entities: [[((.Resources // .resources) | objects_of[]) | {id: ((.Id // .uid) | text), type: ((.Type // .type) | text)} | clean | select(.id != null)]][0],
      url: [(.SourceUrl | text)][0]
    } | nothing_resolves | clean;

# Another event of AWS: a title, something to identify it by, and what it says of its state.
def from_other_event($sns):
  [(.detail | if type == "object" then . else {} end)][0] as $detail
  | [($detail.s3ObjectDetails | fields)][0] as $object
  | [(if $object.bucketName == null then null else "\($object.bucketName)/\($object.objectKey)" end)][0] as $scanned
  | [(($detail."project-name" // $detail.jobName // $detail.pipeline // $detail."instance-id" // $detail.SourceIdentifier // $scanned) | text)][0] as $thing
  # A finding is what it was given an id for, the resources are where it is: one may have many. The run of a build or a job is
  # new each time; the next run of the same one tells whether it is good again.
  | [((($detail.findingArn // $detail.eventArn) | text) // (if ."detail-type" | text // "" | test("finding"; "i") then ($detail.id | text) else null end)
      // (($detail."project-name" // $detail.jobName // $scanned) | text)
      // (.resources | if type == "array" then .[0] else null end | text) // ($detail.id | text) // (.id | text))][0] as $about
  | {
      source_id: [([.source, ."detail-type", $about] | map(text | select(. != null)) | join("/"))][0],
      title: [(($detail.title | text) // ([(."detail-type" | text), ($detail.eventTypeCode | text) // $thing] | map(select(. != null)) | join(": ")))][0],
      description: [(($detail.description | text) // ($detail.eventDescription | objects_of | (.[0] // {}) | .latestDescription | text)
        // (($detail.Message // $detail.message // $detail.stoppedReason // $detail.cause) | text))][0],
      status: [(($detail.statusCode // $detail.status // $detail.state // $detail."build-status" // $detail.lastStatus
        // ($detail.scanResultDetails | fields | .scanResultStatus)) | text)][0],
      severity: [($detail.severity | banded)][0],
      service: [(($detail.service | text) // (.source | text))][0],
      event_time: [.time][0],
      starts_at: [.time][0],
      labels: [({account: .account, region: .region, source: .source, event: ."detail-type", topic: $sns.TopicArn} | map_values(text) | clean)][0],
      entities: [[.resources | if type == "array" then .[] else empty end | text | select(. != null) | {id: .}]][0]
    } | nothing_resolves | clean;

# Any other message of a topic: the subject or the first line is the title.
def from_message($sns):
  (if type == "object" then . else {} end) as $fields
  | [(if type == "object" then null else text end)][0] as $plain
  | [(($fields.title // $fields.Title // $fields.name // $fields."Event Message" // $fields.InsightName // $fields.documentName // $fields.eventName // $fields.Description // $fields.Event) | text)][0] as $named
  # AWS Backup tells the state in an attribute, and of what in the text.
  | [($sns.MessageAttributes | fields | .State | fields | .Value | text)][0] as $attribute
  | [($fields."Source ID" // $fields.SourceId // $fields.AutoScalingGroupARN // $fields.instanceId // ($fields.s3 | fields | .object | fields | .key)
      // ($plain | if . == null then null else (capture("Resource ARN ?: ?(?<arn>arn:[^ ]+?)\\.?(?: |$)").arn // null) end))][0] as $thing
  | [($named // ($sns.Subject | text) // ($plain | if . == null then null else one_line end) // "Message of the topic " + ((($sns.TopicArn // null) | arn | .name) // "of SNS"))][0] as $title
  | {
      source_id: [(($fields.id // $fields.Id // $fields.fingerprint // $fields.InsightId // $fields.anomalyId) | text // ([($sns.TopicArn | text), ($thing | text), $title] | map(select(. != null)) | join("/")))][0],
      title: $title,
      description: [($plain // (($fields.description // $fields.message // $fields.Cause) | text))][0],
      status: [(($fields.status // $fields.state // (if $fields.InsightId == null then null else $fields.MessageType end) // $attribute) | text)][0],
      severity: [(($fields.severity // $fields.InsightSeverity) | text)][0],
      service: [(($fields.service // $fields."Event Source" // $fields.Service) | text)][0],
      environment: [(($fields.environment // $fields.env) | text)][0],
      event_time: [$sns.Timestamp][0],
      labels: [({topic: $sns.TopicArn, account: (($sns.TopicArn // null) | arn | .account), region: (($sns.TopicArn // null) | arn | .region)} | clean)][0],
      annotations: [({subject: $sns.Subject} | clean)][0],
      test: [(if ($fields.Event | text // "" | test("(^s3:TestEvent|:TEST_NOTIFICATION)$")) then true else null end)][0]
    } | if .status == null then .notes = ["a message that is no alarm: nothing resolves it"] else . end | clean;

def is_alarm: type == "object" and has("AlarmName");
def is_event: type == "object" and has("detail-type") and (.detail | type) == "object";

def message($sns; $path):
  if is_alarm then from_alarm($sns; $path)
  elif is_event then
    if (.detail | type) == "object" and (.detail | has("alarmName")) then from_event($sns; $path)
    elif (.detail | fields | .findings | objects_of) != [] then . as $event | .detail.findings | objects_of[] | from_finding($event; $sns)
    else from_other_event($sns) end
  elif type == "object" and (.alarmData | type) == "object" then from_function($path)
  else from_message($sns)
  end;

# Who passes an envelope on, or tries Serai out, often leaves the topic away.
def is_envelope: type == "object" and (has("Message") or has("Token")) and (is_alarm | not)
  and (has("TopicArn") or .Type == "Notification" or .Type == "SubscriptionConfirmation" or (.Message | object | is_alarm or is_event));

def envelope($path):
  if .Type == "SubscriptionConfirmation" then empty
  elif .Type == "UnsubscribeConfirmation" and .TopicArn != null then
    {
      source_id: "\(.TopicArn)/unsubscribed",
      title: "The subscription to \((.TopicArn | arn | .name) // .TopicArn) was cancelled",
      description: [(.Message | text)][0],
      severity: "info",
      event_time: [.Timestamp][0],
      labels: [({topic: .TopicArn} | map_values(text) | clean)][0],
      test: true,
      notes: [["the link that subscribes again is in the receipt"]][0]
    } | clean
  else . as $sns | ((.Message | object) // .Message) | message($sns; $path + "Message.")
  end;

def mapped($path):
  if is_envelope then envelope($path)
  elif type != "object" and type != "string" then {error: "an alarm must be an object", field: ($path | rtrimstr("."))}
  # Raw delivery has no envelope: a header names the topic.
  else message({TopicArn: variable("header.x-amz-sns-topic-arn")}; $path)
  end;

if type == "array" then [to_entries[] | .key as $i | .value | mapped("[\($i)].")]
elif type == "object" and (.Records | type) == "array" then [.Records | to_entries[] | .key as $i | .value | (if type == "object" then .Sns // .sns // (.body | object) // . else . end) | mapped("Records[\($i)].Sns.")]
else [mapped("")]
end
