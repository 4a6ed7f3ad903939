package simulate

// thresholdMetrics are what the alerts of thresholdAlerts are about.
const thresholdMetrics = `# TYPE up gauge
up 1
# TYPE requests_total counter
requests_total{path="/a",status="200"} 5
requests_total{path="/a",status="404"} 5
requests_total{path="/a",status="500"} 1
requests_total{path="/b",status="503"} 1
# TYPE failures_total counter
failures_total{path="/a"} 1
failures_total{path="/b"} 1
# TYPE hits_total counter
hits_total{cache="c"} 1
# TYPE misses_total counter
misses_total{cache="c"} 1
# TYPE answer_seconds histogram
answer_seconds_bucket{path="/a",le="0.5"} 4
answer_seconds_bucket{path="/a",le="2"} 5
answer_seconds_bucket{path="/a",le="5"} 5
answer_seconds_bucket{path="/a",le="+Inf"} 5
answer_seconds_sum{path="/a"} 1.5
answer_seconds_count{path="/a"} 5
# TYPE work_ms summary
work_ms{quantile="0.5"} 1
work_ms{quantile="0.99"} 1
# TYPE lag_seconds gauge
lag_seconds{topic="a"} 1
lag_seconds{topic="b"} 1
# TYPE avail_bytes gauge
avail_bytes{claim="data-0"} 1
avail_bytes{claim="data-1"} 1
# TYPE size_bytes gauge
size_bytes{claim="data-0"} 1
size_bytes{claim="data-1"} 1
# TYPE inodes_free gauge
inodes_free{claim="data-0"} 1
# TYPE inodes gauge
inodes{claim="data-0"} 1
# TYPE read_only gauge
read_only{claim="data-0",mode="ro"} 1
# TYPE expiry_seconds gauge
expiry_seconds{name="a"} 1.7e9
# TYPE beat_seconds gauge
beat_seconds{agent="a"} 1.7e9
# TYPE began_seconds gauge
began_seconds{pipeline="a"} 1.7e9
# TYPE pool_used gauge
pool_used{state="idle"} 1
pool_used{state="active"} 1
# TYPE pool_max gauge
pool_max 1
# TYPE free_memory gauge
free_memory 1
# TYPE all_memory gauge
all_memory 1
# TYPE temperature gauge
temperature{room="a"} 1
temperature{room="b"} 1
# TYPE unacked gauge
unacked{queue="a"} 1
# TYPE timeouts_total counter
timeouts_total 1
# TYPE acks_total counter
acks_total{queue="a",node="n1"} 1
acks_total{queue="b",node="n2"} 1
acks_total{queue="b",node="n3"} 1
# TYPE node_total counter
node_total{node="n1"} 1
node_total{node="n2"} 1
node_total{node="n3"} 1
`

// thresholdAlerts are one of each kind, and of each way to write it that makes
// another rule.
const thresholdAlerts = `name: shop
targetLabels: [job, instance, pod]
signals:
  - {name: requests, expr: 'requests_total{job="api"}'}
  - {name: room-heat, expr: 'temperature{job="node"}'}
  - {name: twice, expr: 'signal:room_heat * 2'}
alerts:
  - {name: Down, down: {of: 'up{job="api"}'}, for: 2m}
  - {name: DownEach, down: {of: up, each: {job: [api, worker]}, componentFrom: job}, for: 45s}
  - {name: DownPer, down: {of: 'up{job="api"}', per: [instance]}, for: 1m}
  - {name: Share, errorShare: {total: {signal: requests}, bad: 'status=~"5.."', above: 5%, over: 5m}}
  - {name: ShareGood, errorShare: {total: {signal: requests}, good: 'status=~"2..",path!="/x"', above: 20%, over: 5m}, for: 3m, keepFiringFor: 10m}
  - {name: ShareFew, errorShare: {total: {signal: requests}, bad: 'status=~"5.."', above: 10%, atLeast: 5, over: 30m}}
  - {name: SharePer, errorShare: {total: {signal: requests}, bad: 'failures_total{job="api"}', above: 10%, over: 10m, per: [path]}, for: 5m}
  - {name: Hits, hitRate: {hits: 'hits_total{cache="c"}', misses: 'misses_total{cache="c"}', below: 50%, over: 10m, traffic: 100}}
  - {name: HitsAny, hitRate: {hits: 'hits_total{cache="c"}', misses: 'misses_total{cache="c"}', below: 90%, over: 5m}}
  - {name: Slow, latencyQuantile: {of: 'answer_seconds{job="api"}', quantile: 95%, above: 2s, over: 5m}, for: 5m}
  - {name: SlowPer, latencyQuantile: {of: 'answer_seconds{job="api"}', quantile: 99%, above: 1s, over: 5m, per: [path]}}
  - {name: SlowWithin, latencyQuantile: {of: 'answer_seconds{job="api"}', quantile: 99%, above: 3s, over: 5m}}
  - {name: Summary, summaryQuantile: {of: 'work_ms{job="api"}', quantile: 99%, above: 1s}, for: 5m}
  - {name: Lag, lag: {of: 'lag_seconds{job="api"}', above: 30s, per: [topic]}, for: 5m}
  - {name: LagAll, lag: {of: 'lag_seconds{job="api"}', above: 1m}}
  - {name: LagTeam, lag: {of: 'lag_seconds{job="api"}', above: 1m, per: [topic]}, labels: {team: 'of-{{ $labels.topic }}'}}
  - {name: Volume, volume: {available: 'avail_bytes{job="api"}', size: 'size_bytes{job="api"}', per: [claim], usedAbove: 85%}, for: 5m}
  - name: VolumeFills
    volume:
      available: avail_bytes{claim!~"x.*"}
      size: size_bytes{claim!~"x.*"}
      inodesFree: inodes_free{claim!~"x.*"}
      inodes: inodes{claim!~"x.*"}
      except: ['read_only{mode="ro"}']
      per: [claim]
      usedAbove: 85%
      fullWithin: {time: 4d, usedAbove: 60%}
    for: 1h
  - {name: Expiry, expiry: {at: 'expiry_seconds{job="tls"}', per: [name], within: 30d}, for: 1h}
  - {name: Beat, heartbeat: {at: 'beat_seconds{job="api"}', per: [agent], olderThan: 10m}, for: 5m}
  - {name: BeatAny, heartbeat: {at: 'beat_seconds{job="api"}', olderThan: 26h}}
  - {name: ExpiryAny, expiry: {at: 'expiry_seconds{job="tls"}', within: 15d}}
  - {name: ExpiryGone, expiry: {at: 'expiry_seconds{job="tls"}', within: 15d, firesWhenGone: true}, for: 10m}
  - {name: BeatOld, heartbeat: {at: 'beat_seconds{job="api"}', olderThan: 1h, firesWhenGone: false}}
  - {name: LagGone, lag: {of: 'lag_seconds{job="api"}', above: 1m, firesWhenGone: true}, for: 5m}
  - {name: ColdGone, below: {of: temperature, value: 1, firesWhenGone: true}, for: 5m}
  - {name: HotGone, above: {of: temperature, value: 30, per: [room], firesWhenGone: true}, for: 5m}
  - {name: StuckAny, stuck: {since: 'began_seconds{job="api"}', longerThan: 90m}}
  - {name: SummaryPer, summaryQuantile: {of: work_ms, quantile: 50%, above: 20ms, per: [instance]}, for: 1m}
  - {name: ColdPer, below: {of: temperature, value: 1, per: [room]}, for: 5m}
  - {name: NeverBelow, below: {of: temperature, value: 0}}
  - {name: TimeoutsPer, increasing: {of: timeouts_total, over: 5m, by: 10, per: [instance]}}
  - {name: HitsPer, hitRate: {hits: hits_total, misses: misses_total, below: 50%, over: 10m, per: [cache]}, for: 1m}
  - {name: Stuck, stuck: {since: 'began_seconds{job="api"}', per: [pipeline], longerThan: 2h}, for: 5m}
  - {name: Pool, saturation: {used: 'pool_used{job="db"}', limit: 'pool_max{job="db"}', above: 85%}, for: 10m}
  - {name: PoolPer, saturation: {used: pool_used, limit: pool_max, above: 85%, per: [instance]}, for: 10m}
  - {name: Memory, memory: {available: 'free_memory{job="node"}', total: 'all_memory{job="node"}', below: 10%}, for: 5m}
  - {name: Hot, above: {of: 'temperature{job="node"}', value: 29.5, per: [room]}, for: 5m}
  - {name: Some, above: {of: 'temperature{job="node"}', value: 0}, for: 5m}
  - {name: Cold, below: {of: 'temperature{job="node"}', value: -5}, for: 5m}
  - {name: Timeouts, increasing: {of: 'timeouts_total{job="api"}', over: 5m}, for: 5m}
  - {name: ManyTimeouts, increasing: {of: 'timeouts_total{job="api"}', over: 10m, by: 50}}
  - {name: Backlog, growing: {of: 'unacked{job="mq"}', over: 30m, by: 100, per: [queue]}, for: 10m}
  - {name: BacklogAll, growing: {of: unacked, over: 10m, by: 0.5}}
  - {name: HotPer, outlier: {of: acks_total, member: node, above: 3, per: [queue], traffic: 10}, for: 5m}
  - {name: LowPer, outlier: {of: acks_total, member: node, below: 25%, per: [queue]}, for: 5m}
  - {name: SlowNode, outlier: {of: 'node_total{job="db"}', member: node, below: 50%, members: 4, traffic: 10}}
  - {name: Hotspot, outlier: {of: 'node_total{job="db"}', member: node, above: 3, members: 3, traffic: 10}, for: 10m}
  - {name: Raw, expr: '(free_memory{job="node"} / all_memory{job="node"}) < 0.1', for: 5m}
  - {name: RawSignal, expr: '100 - signal:twice >= 40', for: 5m}
  - {name: AboveSignal, above: {of: {signal: room-heat}, value: 29.5, per: [room]}, for: 5m}
  - {name: RawDifference, expr: '100 - temperature{job="node"} * 2 >= 40', for: 5m}
`
