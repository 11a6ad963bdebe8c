/** Why a gate is missed, by how the name of its row begins; each with the decision that tells what was tried. */
export const REASONS = []
