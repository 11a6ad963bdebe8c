/** Scenarios of the protocol that need nothing but the governance tools, resources and prompts. */
export const OF_GOVERNANCE: readonly string[] = [
  'server-initialize',
  'ping',
  'tools-list',
  'resources-list',
  'prompts-list',
  'server-sse-multiple-streams',
  'dns-rebinding-protection',
]

/** Why a scenario cannot pass at the governance tools; each passes at the proxy, in front of a server that has what it asks for. */
export const NOT_OF_GOVERNANCE: Readonly<Record<string, readonly string[]>> = {
  'It calls a tool that only a fixture has.': [
    'tools-call-simple-text',
    'tools-call-image',
    'tools-call-audio',
    'tools-call-embedded-resource',
    'tools-call-mixed-content',
    'tools-call-with-logging',
    'tools-call-error',
    'tools-call-with-progress',
    'tools-call-sampling',
    'tools-call-elicitation',
    'elicitation-sep1034-defaults',
    'elicitation-sep1330-enums',
    'json-schema-2020-12',
    'server-sse-polling',
  ],
  'It reads a resource that only a fixture has.': [
    'resources-read-text',
    'resources-read-binary',
    'resources-templates-read',
  ],
  'It gets or completes a prompt that only a fixture has.': [
    'prompts-get-simple',
    'prompts-get-with-args',
    'prompts-get-embedded-resource',
    'prompts-get-with-image',
    'completion-complete',
  ],
  'The governance tools do not log, and say so.': ['logging-set-level'],
  'The governance tools do not tell of changes, and say so.': ['resources-subscribe', 'resources-unsubscribe'],
}

/** Writes the page of what was run, and of what does not apply and why. */
export function conformancePage(): string {
  const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')
  const rows = Object.entries(NOT_OF_GOVERNANCE).map(([why, names]) => `| ${why} | ${listed(names)} |`)
  const left = Object.values(NOT_OF_GOVERNANCE).flat().length
  return `# Conformance to MCP

The public suite \`@modelcontextprotocol/conformance\` 0.1.13 has ${OF_GOVERNANCE.length + left} scenarios for servers. All of them run over Streamable HTTP, and none finds a
fault, at the governed proxy in front of a server that has all that they ask for. \`server-sse-polling\` has only recommendations
there, which it looks for at a revision of the protocol that is too old for them. The test that runs them is
\`test/mcp/conformance.test.ts\`; it fails when the suite has a scenario that this page does not know.

At the governance tools those run that need no fixture: ${listed(OF_GOVERNANCE)}. The others do not apply there:

| why | scenarios |
|---|---|
${rows.join('\n')}

The revision 2026-07-28 (stateless) is not spoken: the SDK of this release does not have it, nor has the suite scenarios for it.
`
}
