const SAMPLES = new Set([
  ...[
    'changeme',
    'changeit',
    'secret',
    'secrets',
    'password',
    'passwd',
    'postgres',
    'root',
    'admin',
    'test',
    'testing',
  ],
  ...[
    'example',
    'sample',
    'default',
    'token',
    'key',
    'apikey',
    'letmein',
    'qwerty',
    'mysecret',
    'mypassword',
    'preceptor',
  ],
  ...[
    'supersecret',
    'topsecret',
    'placeholder',
    'redacted',
    'dummy',
    'fake',
    'none',
    'todo',
    'password1',
    'password123',
  ],
])
const PLACEHOLDER =
  /^(?:<.*>|\[.*\]|\{\{?.*\}?\}|\$\{?\w+\}?|your[\s_-].*|my[\s_-].*|.*(?:change[\s_-]?me|replace[\s_-]?me|example[\s_-]?key).*)$/i

/**
 * Whether a secret is one out of documentation: a word that everybody tries first, or what stands for the secret that
 * should have been put there.
 *
 * @example
 * ```ts
 * import { isSampleSecret } from '@preceptor/client'
 *
 * console.log(isSampleSecret('change-me')) // true
 * ```
 */
export function isSampleSecret(secret: string): boolean {
  const bare = secret.trim().replace(/^(?:bearer|basic)\s+/i, '')
  const word = bare.toLowerCase().replace(/[\s_-]/g, '')
  return (
    SAMPLES.has(word) ||
    PLACEHOLDER.test(bare) ||
    /^(.)\1*$/.test(word) ||
    /^(?:0?12345(?:6(?:7(?:8(?:90?)?)?)?)?|abc123)$/.test(word)
  )
}
