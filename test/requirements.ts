// biome-ignore-all format: a table, one promise a line
/** A feature that owns promises which are not kept yet. */
export type Feature =
  | 'reach'
  | 'proposals'
  | 'training'
  | 'supervision'
  | 'hardening'
  | 'mcp'
  | 'learning'
  | 'orchestration'
  | 'dashboard'
  | 'operations'
  | 'benchmarks'

/** One promise of the product. */
export interface Requirement {
  /** Where the promise is made: a section of the design or an invariant. */
  readonly source: string
  /** One sentence that a test can show or refute. */
  readonly promise: string
  /** `now`: a passing test must cite the id. A feature: that feature keeps the promise. */
  readonly status: 'now' | Feature
}

const now = (source: string, promise: string): Requirement => ({ source, promise, status: 'now' })
const later = (status: Feature, source: string, promise: string): Requirement => ({ source, promise, status })

const GATE = {
  'I-1': now('invariants I-1', 'Every missing, failing, hanging or malformed dependency denies with a code within 2 s, on PGlite and Postgres alike.'),
  'I-2': now('invariants I-2', 'No executor is reached without a live permit, whatever the order of events.'),
  'I-3': now('invariants I-3', 'An approval is redeemed only for the exact bytes that were approved.'),
  'I-4': now('invariants I-4', 'An action that is not idempotent runs at most once per idempotency key, and a claim without a result is outcome_unknown.'),
  'I-5': now('invariants I-5', 'Nothing that an agent writes (args, headers, messages, context) counts as an approval or a right; agent credentials get 403 on every deciding operation.'),
  'I-6': now('invariants I-6', 'Reject, expire, cancel and terminate are final, and silence is never consent.'),
  'I-7': now('invariants I-7', 'Maturity, lifecycle, epoch, policy and expiry are checked again at the claim of an approved action.'),
  'I-8': now('invariants I-8', 'Trigger source and agent come from the credential; a claim in body, header or metadata that differs is refused.'),
  'I-9': now('invariants I-9', 'Every adapter gives the same verdict for the same trigger, and an unregistered or duplicate name is denied.'),
  'I-10': now('invariants I-10', 'Effective maturity is the minimum over the delegation chain; depth over 5 and cycles are denied; nothing in a chain counts as set off by hand, and its budgets are shared.'),
} as const satisfies Record<string, Requirement>

const TRUST = {
  'I-11': now('invariants I-11', 'Confidence equals the sum of an append-only ledger of integers in which each source counts once, under concurrent writers too.'),
  'I-12': now('invariants I-12', 'Promotion cannot be self-made or farmed.'),
  'I-13': now('invariants I-13', 'A demotion or stop commits with a new epoch, and no process claims by the old state later than 1 s after it, Redis or not.'),
  'I-14': now('invariants I-14', 'A change of any fingerprint part caps the agent at intern until it is attested again; order changes nothing.'),
  'I-15': now('invariants I-15', 'A cached decision is used only under a lease below 1 s; medium risk and above compares the epoch inside the transaction.'),
  'I-16': now('invariants I-16', 'Pause, correct and terminate hold across processes and are delivered exactly once.'),
  'I-17': now('invariants I-17', 'No step of a supervised run starts while nobody supervises it.'),
  'I-18': now('invariants I-18', 'An execution has one claimant; writes with a stale fencing token are refused.'),
  'I-19': now('invariants I-19', 'A lost Redis loses no work: jobs carry ids only and the reconciler wakes every due row within 30 s.'),
  'I-20': now('invariants I-20', 'Attempts are counted at the claim, poison stops after three, and what expired never runs.'),
  'I-21': now('invariants I-21', 'A committed event is delivered at least once and in order; a rolled back one never.'),
  'I-22': now('invariants I-22', 'Same idempotency key and body: the stored answer; other body: 422; in flight: 409; an answer that held a secret is never stored.'),
  'I-23': later('orchestration', 'invariants I-23', 'Approving or resuming never runs a finished step again.'),
} as const satisfies Record<string, Requirement>

const REVIEW = {
  'I-24': now('invariants I-24', 'High and critical risk are never approved by a reviewer agent; what is small each time is limited in sum.'),
  'I-25': now('invariants I-25', 'A malformed, late or mismatched verdict escalates.'),
  'I-26': now('invariants I-26', 'Untrusted content is quoted to the reviewer, and its error rates are published.'),
  'I-27': now('invariants I-27', 'Quorum counts distinct authorised people; proposer and owner are not approvers.'),
  'I-28': now('invariants I-28', 'Automatic approvals are sampled and canaries suspend a reviewer that misses.'),
  'REVIEW-1': now('domain §6: autonomous reviewer, I-27', 'The reviewer of a proposal is chosen by its field and record among autonomous, trusted and free agents that have no hand in it; nobody names it.'),
  'REVIEW-2': now('domain §6: autonomous reviewer, I-24', 'A verdict decides safe and medium risk at most; high and critical are for people, which the database holds to as well.'),
  'REVIEW-3': now('domain §6: autonomous reviewer', 'A verdict is advice until agreement with people is shown by the same measure as a promotion, and canaries were caught.'),
  'REVIEW-4': now('domain §6: autonomous reviewer, I-25, I-26', 'A reviewer is shown the action, the request and the policy as data and nothing of what the agent says; what is no valid verdict on that very action is left to people, and nobody asks twice.'),
  'REVIEW-5': now('domain §6: autonomous reviewer, I-28', 'One in twenty automatic approvals is left to people, and a reviewer that approves a canary or often differs from people is suspended with an alert, and what it approved taken back.'),
  'REVIEW-6': now('domain §6: autonomous reviewer, I-24, I-28', 'What reviewers approve is limited in sum for each agent and target, how much they are asked by a budget, and one that keeps failing is left alone for a while.'),
  'REVIEW-7': now('domain §6: autonomous reviewer', 'Reviews and records are for people who judge; an administrator without a hand in the agent lets a suspended reviewer in again, from a new record.'),
  'REVIEW-8': now('domain §6: autonomous reviewer', 'A reviewer answers by a chat model of LangChain, by an endpoint or by rules, when a person asks, or unasked where the policy says so.'),
  'REVIEW-9': now('domain §6: autonomous reviewer', 'A reviewer may suggest other args: people may take them as they are; of a safe action they become the next version only with the approval by rules of another agent, as a whole or not at all.'),
  'WATCH-1': now('domain §6: autonomous reviewer', 'A reviewer watches a run where the policy lets it and no person who may is online or came in time; it is chosen as for a proposal, and else the attempt goes to the queue.'),
  'WATCH-2': now('domain §6: autonomous reviewer, I-16', 'Under a reviewer a step begins once that reviewer let this very step with these very args begin; what it denies is withheld, and a verdict that comes too late means nothing.'),
  'WATCH-3': now('domain §6: autonomous reviewer, I-25', 'What a reviewer leaves to people, what is no verdict, and what goes beyond a limit pauses the run until a person lets it go on, and is not put to a reviewer again.'),
  'WATCH-4': now('domain §6: autonomous reviewer, I-24', 'No step of high or critical risk begins under the watch of an agent, which the database holds to as well; a person takes the run over.'),
  'WATCH-5': now('domain §6: autonomous reviewer, I-17', 'The watch of a reviewer lasts as long as its process renews it; a reviewer follows where the watch of a person lapsed, and ends no pause of anybody.'),
  'WATCH-6': now('domain §6: autonomous reviewer, I-28', 'A run that only a reviewer watched earns its agent nothing; one in twenty steps is for people to rate, and what they see otherwise counts against the reviewer.'),
  'WATCH-7': now('domain §6: queue', 'A queued run of safe or medium risk that no person can watch is offered to a reviewer.'),
  'WATCH-8': now('domain §6: autonomous reviewer', 'A reviewer in another process, asked over HTTP, watches what the agent of this one does.'),
  'I-29': later('dashboard', 'invariants I-29', 'The person sees the bound bytes that will run, whole and escaped.'),
} as const satisfies Record<string, Requirement>

const RECORDS = {
  'I-30': now('invariants I-30, architecture §6', 'A decision, its state change and its journal row commit together or the action is denied.'),
  'I-31': now('invariants I-31', 'An edited, deleted, reordered or inserted journal row is found by verify, and 8 writers keep one chain.'),
  'I-31-ANCHOR': now('invariants I-31', 'Truncation, wipe, fork and a full re-hash are found against signed checkpoints kept outside the database.'),
  'I-32': now('invariants I-32', 'Every action can be reconstructed, with its outcome, from the export alone.'),
  'I-32-EXPORT': now('invariants I-32', 'The export verifies without the database; as CSV it holds no formula and is read back as it was; who read it is on record.'),
  'I-33': now('invariants I-33', 'Secrets and personal data reach no sink.'),
  'I-34': now('invariants I-34', 'Row-level security is enabled and forced on every table with a workspace; no operation reads or writes another workspace.'),
  'I-35': now('invariants I-35', 'Only verified API keys and JWTs authenticate, with fixed algorithms, issuer, audience and expiry.'),
  'I-35-STREAM': now('invariants I-35', 'Revocation ends open streams within 5 s.'),
  'I-36': now('invariants I-36', 'Every operation is a row of one permission table, denied by default and tested for every principal.'),
  'I-37': now('invariants I-37', 'The browser and real-time surface accepts only its own origins and one-time tickets.'),
  'I-38': later('mcp', 'invariants I-38', 'The MCP server keeps the rules of its protocol and never mixes two principals.'),
  'I-39': now('invariants I-39 a, c', 'Conditions are a bounded CEL subset, and hostile JSON is refused without polluting a prototype.'),
  'I-39-OUT': now('invariants I-39 b, d', 'Outbound calls reach allowed addresses only, and rates are limited per principal, agent and workspace.'),
  'I-40': now('invariants I-40, architecture decision 11', 'Published packages are pinned, ESM only and free of install scripts and top-level await.'),
  'I-40-SBOM': now('invariants I-40', 'Releases carry an SBOM and provenance, and install from tarballs with scripts off.'),
} as const satisfies Record<string, Requirement>

const COMMANDS = {
  'CMD-1': now('foundation: commands', '`npm start -- --once --json` prints one JSON document of at least 12 decisions with the routes of domain §3 and exits 0.'),
  'CMD-2': now('foundation: commands', '`npm start` prints address and a one-time administrator key and keeps serving until it is told to stop.'),
  'CMD-3': now('foundation: commands', 'The effects of the demo, counted by the tools in their own process, are exactly those that the decisions allow.'),
  'CMD-4': now('foundation: must show', 'Killed at random moments and started again, the demo keeps every decision id a client received, verifies, and repeats no effect.'),
  'CMD-5': now('foundation: commands', 'Bootstrap on a Node that is too old, or with an install that fails, ends with one error that says what to do.'),
  'CMD-6': now('foundation: commands', 'The tests run against real PGlite, Postgres and Redis; what is missing is skipped with count and reason, and fails with CI=true.'),
} as const satisfies Record<string, Requirement>

const STRUCTURE = {
  'STR-1': now('architecture §3.2', 'SQL stands only in store.ts, schema.ts, the migrations and the database folder.'),
  'STR-2': now('architecture §3.2, style 13', 'A status column is written only by a guarded update whose row count decides.'),
  'STR-3': now('style 12, architecture §3.5', 'Core reads no clock, randomness, id source, environment or console of the process; only CLIs read the environment.'),
  'STR-4': now('style 2, 18', 'Every public name is listed by its entry and documented; there is no `export *`.'),
  'STR-5': now('style 18', 'Every example in the documentation comments of public names compiles.'),
  'STR-6': now('style: targets', 'Files, functions and adapters stay within their line budgets; there is no any, no non-null assertion, no enum.'),
  'STR-7': now('style 22', 'Public names, error codes and table names are pinned by literal tests.'),
  'STR-8': now('foundation: workspace', 'The repository names no path of a machine and no registry address.'),
  'STR-9': now('architecture §3.1, §3.3', 'Imports go one way: core is layered without cycles, adapters know the port and their framework only.'),
} as const satisfies Record<string, Requirement>

const DATABASE = {
  'DB-1': now('architecture decision 1', 'PGlite runs in a worker thread behind a pool facade: a slow statement leaves the event loop of the host free.'),
  'DB-2': now('architecture decision 1', 'A statement past the deadline ends the thread, answers with a code, and the database opens again with all committed rows.'),
  'DB-3': now('versions: PGlite', 'A second process that opens the same folder gets DATA_FOLDER_LOCKED naming the first; a lock of a dead process is taken over.'),
  'DB-4': now('foundation: database', 'The data folder is 0700, also when it existed before.'),
  'DB-5': now('architecture decision 1', 'The same migrations run on PGlite and Postgres, once, also when two processes start at the same moment.'),
  'DB-6': now('architecture §5', 'Role and workspace are set by SET LOCAL in every transaction; without a workspace a query sees no row.'),
  'DB-7': now('invariants I-34', 'Opening refuses an effective role that is a superuser, bypasses row security or owns the tables.'),
  'DB-8': now('foundation: bad input', 'A missing, read-only, older, newer or changed database each gives its own code and changes nothing.'),
  'DB-9': now('versions: PGlite', 'BEGIN to COMMIT holds the embedded engine for one client, and values come back as the pg driver gives them.'),
  'DB-10': now('invariants I-34', 'A pooled connection that is used again after an error carries nothing of the earlier workspace.'),
  'DB-11': now('versions: PGlite', 'After a kill during writes every acknowledged row of the embedded database is there.'),
  'DB-12': now('domain §1: workspace', 'The embedded database is refused with NODE_ENV=production unless the option allows it.'),
  'DB-14': now('invariants I-34', 'An audit of the catalogue finds every table, policy, grant, function and view that would go past row-level security; for plugins, too.'),
  'DB-13': now('invariants I-2, I-31', 'The database itself refuses an illegal state change and any update or deletion of a journal row by the application role.'),
} as const satisfies Record<string, Requirement>

const AGENTS = {
  'AGENT-1': now('domain §2', 'A new agent starts as student at 3000 basis points; a given confidence or an administrator decides otherwise.'),
  'AGENT-2': now('domain §2', 'An administrator who sets a maturity at registration opens the ledger at the floor of that band.'),
  'AGENT-3': now('domain §1: lifecycle', 'Lifecycle changes follow one state table; retired is final.'),
  'AGENT-4': now('domain §2', 'A paused, stopped or retired agent never runs, whatever its maturity, and no maturity change resumes it.'),
  'AGENT-5': now('domain §2', 'The fingerprint is made of declared version, model, instruction template and tool-set digest, and only visible parts are compared.'),
  'AGENT-6': now('api: lists', 'Lists page by cursor without gap or repetition, 1 to 100 rows, 50 by default.'),
  'MAT-1': now('domain §2', 'Bands are [0, 5000), [5000, 7000), [7000, 9000), [9000, 10000]; each boundary belongs to the upper band.'),
  'MAT-2': now('domain §2', 'Maturity changes only through transition(): one step up at a time, any number down, with evidence, actor, reason and ledger row.'),
  'MAT-3': now('domain §2', 'A ledger entry stores the requested and the applied delta, and confidence is the sum of the applied ones within 0..10000.'),
  'MAT-4': now('domain §2: evidence', 'The deltas of the evidence table hold at every boundary under `bands`.'),
  'MAT-5': now('domain §2: promotion', '`bands` promotes at once when a band is crossed.'),
  'MAT-6': now('domain §2: evidence', 'An incident takes 2000 basis points and demotes by at least one step in the same transaction.'),
  'MAT-7': now('domain §2: demotion', 'A demotion bumps the epoch of the agent and is journalled with its reason.'),
  'MAT-8': now('domain §2: promotion', '`earned` promotes by an e-value that stays valid under continuous looking.'),
  'MAT-9': now('domain §2', 'Unused capabilities decay by 100 per week after 30 days, never below the floor of the band.'),
  'MAT-10': now('domain §2: demotion', 'A change detector demotes an agent whose outcomes fall below its maturity.'),
  'MAT-11': now('domain §2: promotion', 'Under `earned` gain is capped per day and per reviewer, and decisions too fast to be read count half.'),
  'MAT-13': now('domain §2: scope', 'Under the policy of trust `capability` an agent counts as what it has earned at the capability of the action, and so does every agent of a delegation; it begins as a student.'),
  'MAT-14': now('domain §2: scope', 'What was lost at a capability or as a whole is lost under either policy of trust; an incident lowers every record.'),
  'MAT-15': now('domain §2: promotion', 'A person promotes one step, with a reason, no open incident and no hand in the agent, to autonomous without having vouched for what it showed; the journal names the gates that were not met and the rules that one person relaxes.'),
  'MAT-16': now('domain §2: promotion', '`check-promotion` brings agents to the level that is due, once, and never to autonomous.'),
  'MAT-17': now('domain §2', 'The timeline tells in one order what became of an agent, without gap or repetition between pages.'),
  'MAT-12': now('domain §2: evidence', 'A fact that was noted is counted once, in its order, however many processes count.'),
  'EVID-1': now('domain §2: evidence', 'A proposal is evidence when it ended by people and by its run: approved and succeeded, edited, failed or rejected; what nobody judged is none.'),
  'EVID-2': now('domain §2: evidence', 'A decision less than 3 seconds after another one by the same person counts half.'),
  'EVID-3': now('invariants I-12', 'An outcome that only the credential of the agent tells never speaks for it.'),
  'EVID-4': now('domain §2: evidence', 'What failed around a run is evidence neither for the agent nor against it.'),
  'EVID-5': now('domain §2: evidence', 'A run that an autonomous agent made on its own is evidence, once for each attempt; no other run is.'),
  'EVID-6': now('domain §2: evidence', 'A fact that cannot be counted holds up no other agent and no other workspace.'),
  'EVID-8': now('invariants I-12', 'What who has a hand in an agent says of it speaks for it only in a workspace of one person.'),
  'EVID-7': now('domain §2: demotion', 'What was before a demotion gives nothing back after it; losses count.'),
} as const satisfies Record<string, Requirement>

const RULES = {
  'ACT-1': now('domain §3', 'An unregistered action is denied with ACTION_UNKNOWN, naming the call that registers it.'),
  'ACT-2': now('domain §3', 'Args are validated by the schema of the action before routing; what runs are the parsed args.'),
  'ACT-3': now('style 15', 'Names such as `constructor` and `__proto__` are unknown names everywhere.'),
  'ACT-4': now('domain §1: policy', 'Registrations are versioned by digest, so that two releases run side by side.'),
  'ACT-5': now('domain §1: capability, risk', 'Capability defaults to the first segment of the name; risk defaults to high where an adapter is not told.'),
  'POL-1': now('domain §1: policy', 'The policy is one validated, versioned document per workspace; a bad or unknown field is refused by name.'),
  'POL-2': now('domain §1: policy', 'The stricter of code and policy wins for risk, ceiling and every other rule.'),
  'POL-3': now('invariants I-1', 'A workspace without a policy document uses the built-in strict one.'),
  'POL-4': now('architecture decision 12', '`when` conditions run in a guarded CEL subset; an error or a missing field denies.'),
  'POL-5': now('domain §3', 'Rate and spend limits hold under concurrent triggers and deny with LIMIT_EXCEEDED.'),
  'POL-6': now('domain §1: shadow', 'Shadow decides and records per capability, alters no route, and earns and creates nothing; stops, lifecycle, unknown actions and invalid args still refuse.'),
  'POL-7': now('domain §1: bypass', 'A bypass is timed, reasoned, audited and set by an administrator in person; it loosens the route alone, ends by itself and earns nothing.'),
  'LIM-1': now('domain §3: rate and spend limits, I-24', 'A limit counts attempts or sums an argument for each agent, each target or the workspace in a window; what it cannot count it denies.'),
  'LIM-2': now('domain §3: delegation, I-10', 'What one agent does for another counts against the limits of both: a budget is shared by its chain, not multiplied.'),
  'LIM-3': now('domain §3: rate and spend limits', 'A limit is used at the claim, in the window in which it runs, and given back when nothing ran.'),
  'LIM-4': now('domain §3: rate and spend limits', 'A breaker pauses an agent that keeps failing or being refused, with an alert; a person resumes it.'),
  'POL-8': later('operations', 'api: simulate', 'A policy can be simulated against past decisions.'),
  'CANON-1': now('domain §4', 'Canonical JSON equals RFC 8785 output and its hash tells apart what differs in type, order or unicode form.'),
  'STATE-1': now('style 13', 'Every state machine is a table; random walks reach only what the table allows.'),
} as const satisfies Record<string, Requirement>

const ROUTING = {
  'ROUTE-1': now('domain §3', 'Checks run in the order of domain §3; the first that fails names the code.'),
  'ROUTE-2': now('domain §3', 'Matrix `strict` is used for triggers with a type from automated sources and routes every maturity as written.'),
  'ROUTE-3': now('domain §3', 'Matrix `graduated` is used for actions inside a run and routes every maturity and risk as written.'),
  'ROUTE-4': now('domain §3', 'A manual trigger of an authenticated person runs with a warning that names the maturity; lifecycle, stops, args and ceilings still apply.'),
  'ROUTE-5': now('domain §3', 'Route training commits a blocked trigger and at most one open training proposal per agent and gap set; repeats are counted on it.'),
  'ROUTE-6': now('domain §3', 'Route proposal commits one pending proposal per idempotency key, with quorum 2 where the matrix says so.'),
  'ROUTE-7': now('domain §3', 'Route supervision commits a session when someone can supervise, else route queue commits a queue entry.'),
  'ROUTE-8': now('domain §3', 'Route execution commits the execution with its outcome; denied commits the code.'),
  'ROUTE-9': now('domain §3', 'The consequence of a route and its journal row are in one transaction: none is ever there alone.'),
  'ROUTE-10': now('domain §3', 'Effective maturity is the least of maturity, delegation chain, ceiling and fingerprint cap.'),
  'ROUTE-11': now('domain §3', 'A grant or permit never passes a stop, an exhausted limit, a lowered ceiling or a demotion.'),
  'ROUTE-12': now('api: triggers', 'check answers as decide would and leaves no trace but a read.'),
  'ROUTE-13': now('domain §3: who can supervise', 'Only a supervisor or admin of the workspace who is online, not the owner, and below 5 sessions can supervise.'),
  'SUP-1': now('domain §6, I-16', 'A pause lets no step begin, and is shown as one only once nothing is under way or what is waits at a checkpoint; every step of the run is gated, safe ones too.'),
  'SUP-2': now('domain §6, I-17', 'A run that nobody watches any more is paused before its next step, and goes on when somebody does.'),
  'SUP-3': now('domain §6, I-16', 'A correction gives a waiting step other args, parsed and ruled on anew, or says something to the run, exactly once.'),
  'SUP-4': now('domain §6, I-16', 'A termination aborts what runs, keeps what comes late without credit, and the run takes no step any more.'),
  'SUP-5': now('domain §6', 'Who holds a session hands it over; an administrator takes it over from a person, any supervisor from an agent.'),
  'SUP-6': now('domain §6, I-12', 'A session is rated once, within 7 days, by a person who watched it, or any supervisor where an agent did, who has no hand in the agent.'),
  'SUP-7': now('domain §6', 'What a run says is numbered without gaps, stored and redacted.'),
  'SUP-8': now('domain §6', 'A step of high risk is announced before it begins, and withheld when somebody objects.'),
  'TERM-1': now('domain §6', 'A person supervises from a terminal: follows a session, holds it while the command lives, intervenes, and pauses the run by leaving.'),
  'TERM-2': now('domain §6', 'At a terminal a run is ended only on a typed word and a reason; nothing pasted is taken for a key.'),
  'TERM-3': now('invariants I-29', 'What others wrote is shown at a terminal with what is hidden in it, and on no line but its own.'),
  'TERM-4': now('domain §6', 'A run of a LangChain agent in another process is paused, corrected, resumed, rated and terminated from a terminal, and what it does outside shows it.'),
  'ROUTE-14': now('domain §3', 'Nothing is decided without a principal: decide, check and guard exist only on a scope.'),
  'STOP-1': now('domain §1: kill switch', 'A stop for agent, workspace or all is checked first, and lifting it needs a person with a reason.'),
  'CACHE-1': now('architecture §6', 'An entry lives 60 s at most, a fill that raced an invalidation is discarded, and a lost lease reads the database.'),
  'GUARD-1': now('architecture decision 6', 'guard decides, runs, reports in one call; a denial is a value, a fault is an exception, and every fault denies.'),
  'GUARD-2': now('style: enforcement contract', 'The abort signal reaches the running action, and its abort is recorded.'),
  'GUARD-3': now('domain §3: one claim', 'Two concurrent calls with one idempotency key run once, and the second gets the recorded outcome.'),
  'GUARD-4': now('architecture §6', 'Safe autonomous runs are group-committed within 10 ms, and a failed flush closes the gate until it is healthy.'),
  'CONTRACT-1': now('style: enforcement contract', 'One contract runs over core scope, Hono, LangChain middleware, callback, governTools, and MCP over stdio and HTTP; a case owned by a later feature fails as expected.'),
  'PROP-1': now('domain §4', 'A decision is keyed by proposal and version; the first valid one wins and the loser learns who decided.'),
  'PROP-2': now('domain §4: grants', 'Grants have matcher, uses and expiry, can be listed and revoked, and never pass a ceiling.'),
  'GRANT-1': now('domain §4: grants', 'A grant is made by a person who may approve, for what one approval lets run, for at most 1,000 runs and 7 days; never for critical risk.'),
  'GRANT-2': now('domain §4: grants', 'A matcher goes by every argument as parsed and by the resource: what it does not name, and what is of another type, is refused.'),
  'GRANT-3': now('domain §4: grants', 'A grant is used once with each claim, never beyond its last use, not by a look or a repeat, and is given back where nothing ran.'),
  'GRANT-4': now('domain §4: grants', 'A grant ends with its time or when it is revoked, for good, and is listed by agent and state.'),
  'GRANT-5': now('domain §3: a grant never passes', 'A grant never passes a stop, an exhausted limit, a demotion, a changed agent, build, action or policy, a revoked key of who made it, nor a claim of the agent.'),
  'GRANT-6': now('experience 24', 'A grant is previewed over the last 100 proposals, and suggested, ready to be made, where nearly all were approved unchanged.'),
  'CARD-1': now('domain §4', 'The differences between two sets of args, by JSON Pointers, make the later of the earlier, and tell values of different types apart.'),
  'CARD-2': now('invariants I-33', 'An arg that the schema hides is masked wherever a proposal is read, for everybody and in every version, while what runs gets its value.'),
  'CARD-3': now('domain §4', 'A mask that is sent back as it was shown keeps its value; anywhere else it is refused, and it never runs as a value.'),
  'CARD-4': now('experience §2.1', 'What an action shows to reviewers is checked and bounded, and where it fails its args are shown whole with a warning; it decides nothing.'),
  'CARD-5': now('experience §2.5', 'One answer has everything that a person needs to decide on a proposal, of one version, with nothing cut.'),
  'CARD-6': now('experience row 17', 'A card compares the args with what the agent last ran after an approval, and with what was asked for, and counts what became of the last 20.'),
  'CARD-7': now('domain §4', 'Whether the caller may decide, and why not, is answered by the rules that decide.'),
  'CARD-8': now('experience row 20', 'A card says which rules made the risk, and what is unusual: a first time, a number out of range, a limit nearly used up.'),
  'CARD-9': now('invariants I-36', 'A card is for who judges: without values for viewers, refused to agents, unknown in other workspaces.'),
  'PROP-10': now('domain §4', 'Approving what was proposed under another policy, definition or agent than those of now makes the next version, and the reviewer decides on that.'),
  'PROP-11': now('experience 23: wait timer', 'An approved action that has to wait is claimed by nobody before, and can be taken back meanwhile.'),
  'PROP-12': now('domain §4: batch', 'Proposals that are alike are decided together, each by itself with its own result; of others nothing is decided.'),
  'PROP-13': now('experience 21: extend', 'A later expiry is the next version, at most 7 days after the proposal was made, and dismisses the approvals so far.'),
  'PROP-14': now('experience 22: escalation', 'A pending proposal is assigned, acknowledged and snoozed by people who may decide on it, on record, and expires all the same.'),
  'PROP-15': now('domain §4: comments', 'Comments are for reviewers only, append-only and listed oldest first.'),
  'PROP-16': now('invariants I-20', 'Under one approval an action that may run twice is tried three times at most; then a person says what came of it.'),
  'PROP-17': now('invariants I-7', 'An approval that was given by a key counts no more once the key is revoked.'),
  'PROP-18': now('domain §4', 'Who asked or owns the agent does not say what came of a run of unknown outcome, unless the workspace lets them.'),
  'PROP-19': now('domain §4: action_hash', 'The action hash can be recomputed from the fields that a proposal shows.'),
  'PROP-20': now('api: proposals', 'The history of an agent lists what was decided on its proposals, newest first.'),
  'PROP-21': now('style 9', 'What people say why goes to the journal without the secrets that can be recognised.'),
  'TRAIN-1': now('domain §5', 'Capability gaps are derived from action, trigger type and category, in order, without duplicates, at most 6.'),
  'TRAIN-2': now('domain §5', 'A training session runs scenarios, is graded, completes once, and offers the blocked triggers for retry.'),
  'TRAIN-3': now('domain §5: flow', 'A training proposal is decided once, with hours that a person may set, and not by who owns the agent.'),
  'TRAIN-4': now('domain §5: completion', 'The score is the weighted mean of scenarios that all have one; it is evidence, promotes or says what is missing, and names the gaps developed and remaining.'),
  'TRAIN-5': now('domain §5: flow', 'A session is completed once, whoever tries again or at the same moment.'),
  'TRAIN-6': now('domain §5: flow', 'A score of a person is never that of the owner, an agent or a service; a typed one has a reason and is marked; a score of 0 never promotes.'),
  'TRAIN-7': now('domain §5: flow', 'A session pauses before its next scenario, is cancelled for good, and goes on after a crash without asking again what was answered.'),
  'TRAIN-8': now('domain §5: completion', 'A blocked attempt is made again as the one who asked, by a person, or by itself where that does no harm, and is resolved once.'),
  'TRAIN-9': now('domain §5: flow', 'Answers may be entered by hand, and who is judged does not see what is expected.'),
  'TRAIN-10': now('domain §5: graders', 'A grader that fails gives no score, never a default one.'),
  'TRAIN-11': now('domain §5: scenarios', 'Every template has scenarios that a right answer passes and a wrong one fails; others are registered or imported from JSON, by version.'),
  'TRAIN-12': now('domain §5: estimate', 'The estimate of a course goes by the measured hours and scores of finished sessions of agents of the same category.'),
  'TRAIN-13': now('domain §5: runners', 'An agent behind an endpoint is asked by POST, at an address that the host lets be called, and what is no answer is none.'),
  'TRAINEE-1': now('domain §5: runners', 'Any runnable or agent of LangChain answers scenarios, in a thread of its own; what is no answer is none.'),
  'TRAINEE-2': now('domain §5: flow', 'A blocked agent of LangChain is trained, promoted and retried over HTTP, and one that answers badly is told what it lacks.'),
  'TRAINEE-3': now('domain §5: graders', 'A chat model behind HTTP that fails, hangs or gives no valid verdict gives no score, and a person decides.'),
  'TRAINEE-4': now('domain §5: flow', 'Every operation of training works over HTTP, and whoever follows the events sees the progress of a session while it runs.'),
  'META-1': now('domain §5: meta-agent', 'A chat model is any object that can be asked; what it says counts as JSON of the form that was asked for, within a time and a size, or not at all.'),
  'META-2': now('domain §5: meta-agent', 'Without a model proposals are reviewed by a table of rules, and the advice says so.'),
  'META-3': now('domain §5: meta-agent', 'Whoever reviews: high risk off the field of an agent is rejected, and of high risk nothing is approved or modified.'),
  'META-4': now('domain §5: meta-agent', 'A suggestion points to a place of the args, fits the schema of the action and touches nothing hidden, or the advice is left to people.'),
  'META-5': now('domain §5: meta-agent', 'Advice is stored for one version, stands on the card, and changes no proposal; agents and viewers neither ask for it nor read it.'),
  'META-6': now('domain §5: meta-agent', 'The verdict of a model repeats the hash and the version of what it reviewed, or is left to people; what an agent wrote reaches it as data, without secrets.'),
  'META-7': now('domain §5: meta-agent', 'Where it is to do so, a worker asks for advice once for each version; only an outage is tried again, three times in all.'),
  'META-8': now('domain §5: meta-agent', 'Courses that nobody has decided on are designed by a model or by rules, with scenarios of the catalogue and the hours of the formula, and say which and why.'),
  'TRAIN-14': now('domain §5: scenarios', 'A session has scenarios of what its agent asked for and did not get as it was: the same for the same calls, without hidden values, and without the answer.'),
  'QUEUE-1': now('domain §6', 'A queue entry waits by priority and age, is offered to who comes online, leased, fenced, expires after 24 h and really runs, under a session that somebody attached to.'),
  'QUEUE-2': now('domain §4', 'Who asked without a guard is told of each end of its queue entries after it was committed, and goes on from a position.'),
  'PRES-1': now('domain §6', 'Presence follows acts of people and server time, each change is announced once, and only oneself or an admin writes it.'),
} as const satisfies Record<string, Requirement>

const JOURNAL_AND_JOBS = {
  'JRN-1': now('architecture decision 4', 'One sealer per workspace gives sequence and hash in commit order, in batches, within 1 s.'),
  'JRN-2': now('architecture decision 4', 'verify passes on an untouched journal, reports the unsealed tail, and names the first broken row otherwise.'),
  'JRN-3': now('architecture decision 4', 'Replay by sequence gives every sealed row once, in order, from any point.'),
  'JRN-4': now('architecture decision 4', 'Two sealers on one workspace never fork the chain; a killed sealer is taken over.'),
  'JRN-5': now('style 9', 'Messages and journal rows hold no secret and args only as hash or redacted.'),
  'JOB-1': now('architecture decision 2', 'The same job tests pass on PGlite, Postgres and Redis.'),
  'JOB-2': now('architecture decision 3', 'A job carries ids only and is harmless when it runs twice, late or for a row that is gone.'),
  'JOB-3': now('foundation: core', 'The expire job ends overdue rows as expired and never as approved.'),
  'JOB-4': now('foundation: core', 'Schedules are registered once, however many processes start.'),
  'JOB-5': now('versions: BullMQ', 'A worker closes gracefully and leaves no open handle; Redis going away and coming back needs no restart.'),
  'JOB-6': now('versions: BullMQ', 'Jobs are traced through BullMQ by whatever telemetry createWorker is given, and a job in a board links to the dashboard.'),
} as const satisfies Record<string, Requirement>

const ACCESS = {
  'AUTH-1': now('foundation: identity', 'An API key is a prefix and 256 random bits, stored as SHA-256 only, shown once, compared in constant time.'),
  'AUTH-2': now('foundation: identity', 'An unknown, malformed, expired or revoked key is CREDENTIAL_INVALID; revocation acts within 5 s in every process.'),
  'AUTH-3': now('foundation: identity', 'A key acts only within its scopes.'),
  'AUTH-4': now('invariants I-35', 'A JWT needs a listed algorithm, the issuer, the audience, and times that hold; none, HS256 with a public key and foreign headers fail.'),
  'AUTH-5': now('foundation: identity', 'Credentials become a principal of kind user, agent, service or system with its workspace and roles.'),
  'AUTH-6': now('invariants: role matrix', 'The permission table equals the role matrix, and an operation without a row fails the tests.'),
  'AUTH-7': now('invariants I-35', 'A key is rotated once, to a new secret for the same principal; the old one ends at once or after an overlap of 7 days at most.'),
  'AUTH-8': now('invariants I-35', 'Who is removed from a workspace loses every key at once and every stream within 5 s; nobody removes oneself, and the last administrator stays.'),
  'AUTH-9': now('invariants I-34', 'Workspaces are made and listed by the system only.'),
  'CONF-1': now('foundation: core', 'A wrong option is refused with OPTION_INVALID and a message that names it.'),
  'ERR-1': now('style 8', 'There is one error class; every code has status, retryability, summary and advice; isInstance works across copies.'),
  'ERR-2': now('foundation: core', 'docs/errors.md is generated from the table and up to date.'),
} as const satisfies Record<string, Requirement>

const HTTP = {
  'HTTP-1': now('architecture §4', 'Execution and supervision run the handler; proposal and queue answer 202 with Location and Retry-After; training and denied 403.'),
  'HTTP-2': now('api', 'Errors are application/problem+json with code, traceId and docs link, and show nothing internal.'),
  'HTTP-3': now('api', 'Unknown keys, bodies over 256 kB, nesting over 32, wrong types and `__proto__` are refused with a code.'),
  'HTTP-4': now('api', 'Every operation of the mounted groups is listed in openapi.json 3.1, which is generated from the routes.'),
  'HTTP-5': now('api: triggers', 'A batch answers item by item; a blocked item carries its code and the rest continue.'),
  'HTTP-6': now('api', 'A resource of another workspace is not found, on every route.'),
  'HTTP-7': now('performance: design 4', 'governed() and governance() are one function underneath and give the same answers.'),
  'HTTP-8': now('experience §3.1', 'The middleware leaves the error handler of the host and its own responses alone.'),
  'HTTP-9': now('architecture §4', 'The same request with Preceptor-Permit after approval runs exactly once.'),
  'HTTP-10': now('api: streams', 'Streams resume from Last-Event-ID and miss nothing.'),
} as const satisfies Record<string, Requirement>

const LANGCHAIN = {
  'LC-1': now('architecture decision 7', 'The decision is taken innermost, on the parsed args that the tool receives, whatever other middleware is present.'),
  'LC-2': now('architecture decision 7', 'One permit per call: each retry by other middleware is decided again and one decision never covers two runs.'),
  'LC-3': now('architecture decision 7', 'Tools that run at the provider are refused unless allowProviderTools names them.'),
  'LC-4': now('architecture decision 7', 'Nested runs and sub-agents inherit the gate.'),
  'LC-5': now('architecture decision 7', 'The callback handler blocks, also where it was made without raiseError by its caller, and names what to do.'),
  'LC-6': now('architecture decision 7', 'With middleware and handler together there is one decision per tool_call_id.'),
  'LC-7': now('foundation: LangChain', 'A denial reaches the model as one ToolMessage that says what to do, and the run goes on.'),
  'LC-8': now('foundation: LangChain', 'Streaming, version v1, and a plain StateGraph with ToolNode are gated alike.'),
  'LC-9': now('versions: LangChain', 'Control-flow errors of the host pass through untouched.'),
  'LC-10': now('domain §3', 'Tools given to an adapter are registered with their schemas at risk high unless the option says otherwise.'),
  'LC-11': now('domain §4', 'interrupt() with a checkpointer resumes by the decision in the store, never by the resume payload.'),
  'LC-12': now('domain §4', 'An answer in the resume payload counts only once the verified reviewer has recorded it in the store, for the version that the interrupt showed.'),
  'LC-13': now('experience §3.2', 'interruptOn of humanInTheLoopMiddleware is taken as it is; it asks more often and never lets more run.'),
  'LC-14': now('domain §4', 'Parallel calls are decided one by one, in any order, and each gets exactly one ToolMessage.'),
  'LC-15': now('domain §4', 'Who asked is told that a reviewer changed the args, which, and by whom, without secrets.'),
  'LC-16': now('domain §4', 'Who asked is told the category and the reason of a rejection.'),
  'LC-17': now('domain §4', 'onSettled tells of each end of a proposal once, and goes on from a position.'),
  'LC-18': now('domain §4', 'A thread is continued with what became of its proposal, interrupted or deferred, once.'),
  'LC-19': now('domain §4', 'An agent that asked, was killed and started again runs the approved action once.'),
  'LC-20': now('domain §6', 'A tool tells whoever watches how far it is, passes checkpoints between its effects, and what is said to it there reaches the model.'),
} as const satisfies Record<string, Requirement>

const NOTIFICATIONS = {
  'NOTE-1': now('proposals: notifications', 'A webhook is signed as Standard Webhooks has it, and its library verifies it.'),
  'NOTE-2': now('proposals: notifications', 'The secret of a webhook is shown once and stands in no list, payload, journal row or stored answer.'),
  'NOTE-3': now('invariants I-39', 'Calls to addresses that somebody typed in go to public addresses over https or to allowed origins only, each name resolved once, without redirects, bounded in time and size.'),
  'NOTE-4': now('proposals: notifications', 'A webhook is told of exactly the kinds that it subscribed to, from its creation on; unknown kinds are refused.'),
  'NOTE-5': now('domain §4, §8: events', 'A request for approval names who may decide, and links to where they do.'),
  'NOTE-6': now('proposals: notifications', 'What was not delivered is sent again on the schedule of Standard Webhooks, and on request, under the same id with the same body.'),
  'NOTE-7': now('invariants I-21', 'A receiver is told about one subject in the order of the journal.'),
  'NOTE-8': now('proposals: notifications', 'A receiver that answers 410 is told nothing more.'),
  'NOTE-9': now('domain §4: NO_EXECUTOR', 'An approved action that no worker claims for 30 s, a proposal that too few may decide on and a delivery that failed raise one alert each, which is cleared once it is over.'),
  'NOTE-10': now('proposals: notifications', 'A channel of the host is told at least once of requests for approval, escalations and alerts.'),
  'NOTE-11': now('invariants I-21', 'However many processes send, an event is delivered once unless one of them dies, and then again under the same id.'),
  'NOTE-12': now('experience row 22', 'Escalation steps are taken once each, in order, until somebody decides; they decide nothing.'),
} as const satisfies Record<string, Requirement>

const STREAMS = {
  'SSE-1': now('domain §6: the stream of a session', 'The events of a session are followed in order from any number, in any process, as they come and until the session is over; what is over is not begun anew.'),
  'WS-1': now('domain §8: realtime', 'A socket follows topics in order, from any sequence on, and answers ping; what is no frame is refused and changes nothing.'),
  'WS-2': now('domain §8: authorisation per topic', 'Each topic is heard by those who may read what it is about; a socket is opened by a header or a ticket, never from a page of another origin, and closed within 5 s of a revocation.'),
  'WS-3': now('domain §8: limits', 'A peer without a sign of life for two heartbeats, and a reader that takes nothing, are closed; what waits for one is bounded.'),
  'WS-4': now('domain §8: presence on an open proposal', 'Who looks at a proposal hears who else does, and that its content changed.'),
  'WS-5': now('performance S3, I-21', 'What is committed in one process wakes those who follow it in another by a hint over one connection; where none is heard, it is looked for, and nothing is missed.'),
  'WS-6': now('domain §6, I-17', 'Who holds a session and watches it over a socket holds its lease for as long as that shows signs of life; no step begins once they are gone.'),
  'WS-7': now('domain §8: replay by sequence', 'The client of sockets goes on after each cut without a gap or a repetition, holds a bounded part of what its reader has not taken, and says with a code what cannot be.'),
  'SSE-3': now('api.md: streams', 'A stream ticket opens the stream that it was made for, once, within 30 s, for as long as the credential stands with which it was made; only its hash is stored.'),
  'RATE-1': now('invariants I-39 d', 'Requests are limited per principal, per agent and per workspace, exactly, over all processes on one Redis or database; each limit can be changed or switched off.'),
  'RATE-2': now('invariants I-35, I-39 d', 'Credentials that fail are limited by the address of their sender, which is what a caller says only behind proxies of the host; who was known there a while ago goes on.'),
  'RATE-3': now('invariants I-39 d, performance: decide', 'A request takes a point that its process has reserved: the store is asked at most twenty times for the limit of a window.'),
  'RATE-4': now('invariants I-39 d', 'While the store of the limits is away each process admits at most the limit, and the gate goes on.'),
  'RATE-5': now('invariants I-39 d, api.md', 'Every way over HTTP counts: API, streams, sockets, governed routes, MCP, guards of other processes; over the limit it answers 429 with Retry-After and RateLimit.'),
  'LOAD-1': now('invariants I-39: p99 of other requests', 'With 64 connections, 1 % malformed requests and a slow reader, good requests are answered without an error and below twice the p99 of a quiet run, and memory stays bounded.'),
  'SSE-2': now('domain §8: authorisation per topic', 'The stream of a session shows nothing to agents, viewers and other workspaces, and no secrets to anybody.'),
} as const satisfies Record<string, Requirement>

const LATER = {
  'FAULT-1': now('foundation: faults', 'The fault run kills processes at every fail point, joins Oracle, executions and journal, and counts violations.'),
  'MODEL-1': now('invariants I-2', 'Random sequences of what people, agents, jobs, policies and crashes do to proposals end as a small model says; each effect has its approvals before it.'),
  'FAULT-3': now('invariants: crash points', 'An approved action of a process on the embedded database that is killed at any point runs at most once, and reaches an end.'),
  'FAULT-2': now('invariants: crash points', 'Every patch that removes one guard makes the fault run fail.'),
  'FAULT-4': now('invariants: crash points', 'A process that dies in a migration leaves none half applied, and no process works before the next one has gone on.'),
  'REACH-1': now('architecture decision 14', 'connectGovernor implements the same port, passes the same contract and denies after 2 s without an answer.'),
  'REACH-10': now('reach: remote guard', 'A remote guard runs only what the gate claimed for it, under the watch where one is needed, and records the outcome there.'),
  'REACH-11': now('reach: remote guard', 'A remote guard keeps its claim alive and is aborted by its loss, a stop, a pause or a change; one that died leaves an unknown outcome.'),
  'REACH-12': now('reach: remote guard', 'A lost answer makes nothing run twice: the request is repeated as the same one, or the attempt is denied.'),
  'REACH-13': now('reach: must show', 'Killed, stopped or answering anything else than it should, a remote governor denies within 2 s, nothing runs, and it recovers by itself.'),
  'REACH-2': now('architecture §2: cli', 'The command line works from packed tarballs with scripts off, has --json everywhere and stable exit codes.'),
  'MCP-2': now('api: MCP tools', 'Every MCP tool has the four annotations and strict schemas, answers as they say, and tells the model what to do next.'),
  'MCP-3': now('experience §3.3', 'Over stdio nothing but JSON-RPC reaches standard output, and the server ends with its client, with the governor closed.'),
  'MCP-4': now('invariants I-38', 'Over HTTP a session answers the credential that began it and no other, foreign hosts and origins are refused, and sessions are bounded in number, time and size.'),
  'MCP-5': now('domain §3', 'A request over MCP is claimed for its caller with the args that were decided on, is watched where it must be, and is settled by one report.'),
  'MCP-1': later('mcp', 'api: MCP tools', 'An identical repeated call through the proxy redeems the approved permit once.'),
  'LEARN-1': later('learning', 'domain §7', 'A repeated correction becomes a playbook version that is tested before it is deployed.'),
  'FLOW-1': later('orchestration', 'domain §8', 'A workflow resumes at the waiting step on any worker.'),
  'DASH-1': later('dashboard', 'experience §2', 'The five core flows work in a real browser, by keyboard, without an accessibility violation.'),
  'OPS-1': later('operations', 'experience §5', 'From an empty folder to the first approved proposal in three commands and 120 s.'),
  'BENCH-1': later('benchmarks', 'performance', 'Every ratio of performance.md meets its gate in one side by side run.'),
} as const satisfies Record<string, Requirement>

const DASHBOARD = {
  'DASH-2': now('experience §2.3', 'In a real browser a person signs in, sees what waits, and approves, edits, rejects or answers it; what is approved runs once, with the types of its args kept.'),
  'DASH-3': now('experience §2.3', 'A decision that comes second, a proposal that expires and one that arrives change the page as they happen, and the page says who decided.'),
  'DASH-4': now('experience §2.7', 'The dashboard works at the root, below any path, and behind a proxy that takes off a prefix, on deep links and reloads, without a violation of its content security policy.'),
  'DASH-5': now('experience §2.6', 'The inbox and the card have no accessibility violation that axe knows in either theme, and whatever a mouse does a keyboard does.'),
  'DASH-6': now('experience §2.1', 'What an agent wrote is shown in full, at 360 pixels too, and as plain text whatever it holds.'),
  'DASH-7': now('experience §2.7', 'The key of a session is in a cookie that no script reads, and what another site makes the browser send is refused.'),
  'DASH-9': now('experience §2.2', 'Reviewers see each other on the card: who looks, for whom it is, until when it rests, and notes that agents and readers never see.'),
  'OIDC-1': now('invariants I-35', 'By OpenID Connect a member signs in to the dashboard with the roles of the database; the session ends by itself, at sign-out, and within 5 s of removal.'),
  'OIDC-2': now('invariants I-35', 'A sign-in goes by code, PKCE, state and nonce; whatever was forged, replayed, or of another issuer is refused, and it leads into the dashboard only.'),
  'DASH-8': now('experience §2.9', 'The script of the inbox is at most 180 kB compressed.'),
} as const satisfies Record<string, Requirement>

const TABLE = {
  ...GATE,
  ...TRUST,
  ...REVIEW,
  ...RECORDS,
  ...COMMANDS,
  ...STRUCTURE,
  ...DATABASE,
  ...AGENTS,
  ...RULES,
  ...ROUTING,
  ...JOURNAL_AND_JOBS,
  ...ACCESS,
  ...HTTP,
  ...LANGCHAIN,
  ...NOTIFICATIONS,
  ...STREAMS,
  ...DASHBOARD,
  ...LATER,
}

/** Id of a promise in `REQUIREMENTS`. */
export type RequirementId = keyof typeof TABLE

/** Every promise of the product. A test cites one by `[ID]` in its title or in the title of a group around it. */
export const REQUIREMENTS: Readonly<Record<RequirementId, Requirement>> = TABLE
