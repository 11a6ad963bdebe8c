/** The name under which collaboration stands in records where no member did something. */
export const COLLABORATION = 'system:collaboration'
