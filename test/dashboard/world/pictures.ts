import type { WorldPage } from './pages.ts'

/** The core screens, which have a picture in the dark and on a phone as well. */
const CORE: ReadonlySet<string> = new Set([
  'inbox-card',
  'live-session',
  'agent-journey',
  'training-session',
  'analytics-overview',
])

/** Names of the pictures of a page. */
export function picturesOf(name: string): readonly string[] {
  return CORE.has(name) ? [name, `${name}-dark`, `${name}-phone`] : [name]
}

/** The page of the documentation that shows all pictures. */
export function readmeOf(pages: readonly WorldPage[]): string {
  const parts = pages.map(({ name, shows }) => {
    const pictures = picturesOf(name).map((picture) => `![${altOf(picture)}](${picture}.png)`)
    return `## ${titleOf(name)}\n\n${shows}\n\n${pictures.join('\n')}\n`
  })
  return `# Pages of the dashboard\n\n${INTRO}\n\n${parts.join('\n')}`
}

const INTRO = `Each page as it stands with records of a small company. The pictures are drawn by the tests
(\`PRECEPTOR_SCREENSHOTS=1 npx vitest run test/dashboard/every-page.test.ts\`); times in them are those of that day.`

/** `agent-journey` is "Agent: journey". */
function titleOf(name: string): string {
  const [first = '', ...rest] = name.split('-')
  const title = `${first.charAt(0).toUpperCase()}${first.slice(1)}`
  return rest.length === 0 ? title : `${title}: ${rest.join(' ')}`
}

function altOf(picture: string): string {
  return `The page ${picture.replaceAll('-', ' ')}`
}
