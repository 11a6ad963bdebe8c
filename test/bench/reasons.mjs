/**
 * @typedef {object} Reason
 * @property {readonly string[]} rows how the names of the rows begin
 * @property {string} why what bounds them
 * @property {readonly string[]} tried at least three things that were tried, each with what it gave
 */

const NAMED = 'Statements of hot transactions are planned once for a connection (decision 0064)'
const LAST = 'The rows of a transaction go to the journal in one statement, its last (decision 0063)'
const SET =
  'What is set for a workspace is read by the statement that reads the agents (decision 0065): one statement of each such transaction less'
const AHEAD = 'Statements that need no answer of each other go out together, the last with its commit (decision 0066)'
const PIPELINED =
  'Sending `begin` without waiting for its answer would save a way to the database; behind a pooler that refuses transactions ' +
  'the next statement would run as the owner of the tables, so it was left (decision 0064).'

/** Why gates are missed. @type {readonly Reason[]} */
export const REASONS = [
  {
    rows: ['D3 ', 'D5 '],
    why:
      'An exported decision copies and checks its trigger, takes an id and the time, answers with a promise, and leaves a record from ' +
      'which it can be told again; the engines beside it answer a question and forget it. Casbin, which the gates took for 140 us, ' +
      'takes 15 with as many agents and actions as are asked about here.',
    tried: [
      'Objects are written field by field instead of copied, ids and times are made once in a millisecond, schemas are asked without a promise: 22 to 6.4 us.',
      'A ruling that stands is found again (decision 0064): the rules 5.6 to 0.08 us, a decision to 3.5 us.',
      'The record is made when its group is written, not before the answer: within the same 3.5 us.',
      'A larger young generation of the heap: 6.4 to 5.8 us at the time; it is for the host to set.',
    ],
  },
  {
    rows: ['D1 ', 'D4 '],
    why:
      'A single ruling is 80 ns at the median; one in a hundred meets facts of an agent that are not in the cache of the processor, which lie ' +
      'in five objects where the limit has two.',
    tried: [
      'A ruling that stands is found again (decision 0064): 5.6 to 0.08 us.',
      'That it stands is seen by two comparisons instead of a look-up (decision 0065): 2.0 to 1.8 times the limit.',
      'The 99th percentile is the median of seven rounds by turns, so that what warms up is not in it: 4.7 to between 2.8 and 3.6 times.',
    ],
  },
  {
    rows: ['L1 ', 'L2 '],
    why:
      'A plain call is 30 us of LangChain. The wrapper decides, hands the tool the signal of its run, and puts two rows on record; ' +
      'beside that LangChain reads the schema of the tool and makes a run of its own for what is called inside.',
    tried: [
      'Scopes are kept for each agent and a tool is registered once: a governed call 374 to 150 us (decision 0064).',
      'A run in which nothing was watched has no session to end: a governed run 2.3 to 1.2 times the plain one (decision 0064).',
      'A schema that LangChain has nothing to resolve in: no difference.',
      'The signal of a run is made when it is asked for (decision 0065): no difference here, as LangChain asks each time.',
    ],
  },
  {
    rows: ['L3 '],
    why:
      'To wait, to be approved, to be claimed and to be recorded are four transactions in Postgres, with the checks that keep an ' +
      'approval from being used twice or for something else; the other side keeps its interrupt in the memory of the process.',
    tried: [
      `${NAMED}: 6.7 to 4.9 times, as measured then.`,
      `${LAST}.`,
      `${SET}; within the noise of what is measured here (4.9 to 5.8 times).`,
      `${AHEAD}: 52 to 46 ms, 5.6 to 5.0 times.`,
    ],
  },
  {
    rows: ['H1 ', 'H2 ', 'H3 '],
    why:
      'Two rows are written and sealed for each governed request. In one process with an embedded database on two cores they are most ' +
      'of what a request takes, a third of it in the database; credential, limits, decision and run take about 25 us more.',
    tried: [
      'The signal of a run, and the Request that Node makes for it, are made when they are asked for: 12 us of a request in a profile, then none.',
      'The trigger of a request is written field by field: 17 us in the same profile, then none.',
      'What a permitted call consists of is written field by field: 15 us in the same profile, then none.',
      'Rows go to the database as one text of lines, and objects with the same keys are sorted and quoted once (decisions 0064, 0065).',
    ],
  },
  {
    rows: ['echo (safe)', 'read_text_file (safe)', 'write_file (high)'],
    why:
      'Over HTTP a call is two requests to another process, the second of which waits until the decision is on record; what is not ' +
      'safe is claimed before and recorded after the call, in transactions. What is safe is decided in memory: it stays around the gate, ' +
      'and a call is measured that comes 50 ms after another, on a processor that has gone to sleep.',
    tried: [
      `${NAMED}: over HTTP 4.9 to 6.5 times before, 4.5 to 6.1 after; at high risk on Postgres 4.1 before, 3.0 to 3.4 after; safe on Postgres 1.28 before, 1.18 after.`,
      'A row that comes alone is sealed at once (decision 0064), so that a report waits for nothing else: in the same numbers.',
      `${SET}: in the same numbers.`,
      `${AHEAD}: in the same numbers.`,
    ],
  },
  {
    rows: ['P2 '],
    why:
      'A proposal is decided on under the locks of its agent and workspace and under row-level security, against stops, bypasses and ' +
      'grants, and written with its version, its sums and its row of the journal: six statements that go to the server in four parts. `begin` and ' +
      '`commit` alone take 175 us here; a bare INSERT is one statement of 45 to 120 us. With 8 callers the processor of the process is full.',
    tried: [
      `${NAMED}: 5.4 to 3.2 ms when it was done, 2.5 ms in later runs.`,
      `${SET}: no difference that could be told from noise.`,
      `${LAST}.`,
      `${AHEAD}, and nobody looks for bypasses and grants where there are none: eight ways to the server to four, 2.5 to 1.9 ms, 720 to 980 a second with 8 callers.`,
      'Settings of the transaction by one `set_config` instead of `set local`: 206 us instead of 178, so it was left.',
      PIPELINED,
    ],
  },
  {
    rows: ['decision to executed in another process', 'Q4 '],
    why:
      'It begins with the review of a person, which is a transaction of about fourteen statements (who may review, what was asked, the ' +
      'quorum, what must still hold), and ends with the claim of another process, which checks all of it again. A queue adds a row and ' +
      'takes it.',
    tried: [
      'Workers are told at the commit and not once its rows are sealed: 33 to 18 ms (decision 0064).',
      'A worker that was told rests 5 ms instead of 25 between two looks: in the same 18 ms.',
      'Facts of an agent are counted together, in transactions of a few milliseconds (decision 0065): of 400 runs 2 in 100 had waited 170 to 220 ms for the lock of their agent; the 99th percentile is 41 to 64 ms since, which meets its gate.',
      `${SET}.`,
      `${AHEAD}: fifteen ways to the server for an approval to ten, 20.6 to 19 ms.`,
    ],
  },
  {
    rows: ['Q5 ', 'supervisor online to all of'],
    why:
      'A queued run is offered, attached to, looked at, claimed and ended in five transactions of about forty-five statements, because ' +
      'somebody watches it and its step can be corrected up to the claim (decision 0033). A loop by hand sends two statements. Half ' +
      'of the time of the process goes into sending them.',
    tried: [
      `${NAMED}: from online to running 250 to 100 ms (p99), with hints at the commit.`,
      `${LAST}: 55 statements to 45.`,
      'Runs go on beside each other and their places are filled at once (decision 0033).',
      `${SET}: 93 to 104 entries a second in several runs, as before.`,
      `${AHEAD}: 93 to 100 entries a second, 179 to 168 and 173 ms.`,
    ],
  },
  {
    rows: ['HB1 ', 'HB2 ', 'T1 '],
    why:
      'A heartbeat is a call with an actor, a permission and an answer of its own: 7 us of the process, which the raw batch does not ' +
      'have. A change of state is a row of the journal, too, with its ten indexes: that is most of what a thousand of them take.',
    tried: [
      'Heartbeats of one turn share a transaction, two of which run at a time (decision 0033).',
      'Those that change nothing that anybody sees are one statement in a function that is planned once (decision 0033).',
      `${NAMED}: 42,000 to 62,000 heartbeats a second (the upserts beside them were quicker, too).`,
      'Changes of state are told by two transactions at once, and their rows go as one text of lines (decisions 0033, 0064).',
    ],
  },
  {
    rows: ['D7 '],
    why:
      'The three processes decide as fast as they may while they are told, on two cores: what they hear waits for its turn. They then ask ' +
      'the database what changed, because a hint proves nothing, and read the agent again.',
    tried: [
      'They are told at the commit and not once its rows are sealed: 260 to 65 ms (decision 0064).',
      'Questions 5 and 1 ms apart instead of 20: no difference.',
      'The reads of facts are named, and are one statement instead of two: 65 to 50 to 60 ms.',
    ],
  },
  {
    rows: ['A1 ', 'A2 '],
    why: 'A third of it is the hash, which both sides have. The rest is to sort, to quote and to join what a row holds, as RFC 8785 asks.',
    tried: [
      'Objects with the same keys are sorted and quoted once (decision 0065): 1.58 to 1.00 us for the text of a body.',
      'Commas are part of what is kept, and quotation marks alone are written without JSON.stringify: 2.47 to 2.31 us.',
      'JSON.stringify of a sorted copy: no gain.',
      'The text hashed from a buffer of bytes that is used again: 1.9 us instead of 1.75, so it was left.',
    ],
  },
  {
    rows: ['A3 ', 'A4 '],
    why:
      'A transaction under row-level security is begun with its role and workspace, and committed: two ways to the database beside the ' +
      'insert, of 40 us of the processor of the process each. The table beside it has one index and is written in one statement by the owner.',
    tried: [
      `${NAMED}: 3,500 to 4,100 rows a second by turns in one run.`,
      `${AHEAD}: 3,570 to 3,950 rows a second.`,
      'Settings of the transaction by one `set_config` instead of `set local`: no gain.',
      PIPELINED,
      'Where rows may share a transaction they do, 1,000 in one statement: 18,400 decisions a second (decision 0064).',
    ],
  },
  {
    rows: ['A5 '],
    why:
      'The rate beside it is that of hashes in memory. Verification reads each row and its seal from the database, computes the hash, and ' +
      'writes the body again to see that it is canonical: 12 us of the processor for a row, 2 of which are the hash.',
    tried: [
      'The next page is read while one is gone through (decision 0064).',
      'Pages of 200 to 4,000 rows: 20 to 13.5 us a row; 2,000, at 13.9, are kept for their memory.',
      'Objects with the same keys are sorted and quoted once (decision 0065): 15 to 13.7 us.',
    ],
  },
  {
    rows: ['steps of runs of 5 guarded'],
    why:
      'Each guarded step is decided, claimed, run, settled, recorded with its evidence, and kept as the progress of its run: about fifty ' +
      'statements, where a flow of BullMQ has two for a job.',
    tried: [
      `${NAMED}: 76 steps a second after it, with what is set read beside the agents 88.`,
      'Facts of an agent are counted together (decision 0065), instead of twelve statements each under its lock, for which 3,000 decisions had waited 32 ms each: 88 to 103 steps a second.',
      `${LAST}.`,
      `${AHEAD}: no difference, as the workers and the database share two cores that are full.`,
    ],
  },
  {
    rows: ['S2 '],
    why:
      'The gates are from a Hono that took 28 ms for what now takes it 5: ours is as quick for one event. In a burst each of ours asks its ' +
      'reader before it gives the next, so that a slow reader costs a page of rows and not its memory; streamSSE writes and keeps what is not taken.',
    tried: [
      'An event is written once for all readers, and no reader has a timer for each (decision 0065): the last of 1,000 after 1.1 to 1.4 times what bare sockets take, which meets S1; before, 1.8.',
      'One generator less between the journal and the stream: 195,000 to 219,000 deliveries a second.',
      'What is at hand written together: 346,000 a second, and an event that comes alone later than the gate of S1 allows (1.7 times), so it was left.',
    ],
  },
  {
    rows: ['route '],
    why:
      'A route is chosen in a transaction that goes to the server in four parts; of 400 the fourth slowest counts, and it met what ' +
      'else the process does (rows being sealed, the lease, a collection of garbage). Which routes miss it changes from run to run.',
    tried: [
      `${NAMED}: 6.2 to 7 ms before, 4 to 6 after.`,
      `${SET}: in the same numbers.`,
      `${AHEAD}: training, proposal and supervision below 5 ms in one run, above it in the next.`,
      '400 agents instead of 150, and 50 that are not counted: what is cold is the data, not the process.',
    ],
  },
  {
    rows: ['reviewers of 30 days'],
    why: 'A hundred times the decisions take five times as long: 19 ms. It adds up the reviews of each person in the range.',
    tried: [
      'Sums instead of rows (decision 0060).',
      'Statements are no longer compiled (JIT) before they run.',
      'What was not added up yet is read with the sums, by an index that holds nothing else (decision 0060).',
    ],
  },
]

/** Why a row misses its gate, as far as that is known. @param {{ name: string }} row */
export function reasonOf({ name }) {
  return REASONS.find(({ rows }) => rows.some((beginning) => name.startsWith(beginning)))
}
