import { codeParses, fencesComplete } from './checks/code-parses.ts'
import { hasFields } from './checks/fields.ts'
import { noSecrets } from './checks/no-secrets.ts'
import { bansPatterns } from './checks/patterns.ts'
import { sectionsWith } from './sections.ts'
import type { Strategy } from './strategy.ts'

const commandsSafe = bansPatterns({
  name: 'commands-safe',
  kind: 'safety',
  codeOnly: false,
  clean: 'No command that destroys without asking.',
  patterns: [
    {
      name: 'a delete of everything below the root',
      pattern: /\brm\s+(?:-\w+\s+){1,4}(?:--no-preserve-root\s+)?\/(?:\s|\*|$)/m,
    },
    { name: 'a download that is run unseen', pattern: /\b(?:curl|wget)\b[^\n|]*\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b/ },
    { name: 'rights for everybody', pattern: /\bchmod\s+(?:-R\s+)?(?:0?777|a\+rwx)\b/ },
    { name: 'a write over a disk', pattern: /\bdd\b[^\n]*\bof=\/dev\/(?:sd|nvme|hd|vd)|\bmkfs\.\w+\s+\/dev\// },
    { name: 'a delete of everything in a cluster', pattern: /\bkubectl\s+delete\b[^\n]*\s--all\b/ },
    { name: 'a privileged container', pattern: /^[ \t]*privileged:[ \t]*true\b|\s--privileged\b/m },
    { name: 'an image of no fixed version', pattern: /^[ \t]*(?:-[ \t]+)?image:[ \t]*["']?[\w./-]+:latest\b/m },
  ],
})

const reversible = hasFields('reversible', {
  'how it is verified': /\b(?:verify|verif(?:ies|ied|ication)|check|confirm|healthy?|status|smoke test)\b/i,
  'how it is undone': /\b(?:roll(?:ing|ed)?[ -]?back|revert|undo|restore|rollout undo)\b/i,
})

/** Runbooks and configuration that can be verified and undone. */
export const ops: Strategy = {
  agentType: 'ops',
  criteria: [
    {
      name: 'safety',
      weight: 2,
      description: 'Nothing is destroyed without a way back, and rights are the least that do.',
    },
    { name: 'verification', weight: 1, description: 'Each change comes with how one sees that it worked.' },
    { name: 'automation', weight: 1, description: 'It can be run again with the same result.' },
  ],
  prompt: {
    template: 'improve-ops',
    guidance: [
      'Say how each change is verified, and how it is undone.',
      'Prefer commands that can be run again with the same result.',
      'Fix the versions of images and tools; give the least rights that do.',
    ],
    sections: sectionsWith({ context: 'Systems and surroundings' }),
  },
  checks: [codeParses, fencesComplete, commandsSafe, reversible, noSecrets],
}
