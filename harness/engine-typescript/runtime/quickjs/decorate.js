// What decorators before a class or a member become (`experimentalDecorators`).

export default function decorate(decorators, target, key, descriptor) {
  const isMember = key !== undefined;
  let result = !isMember ? target : descriptor === null ? Object.getOwnPropertyDescriptor(target, key) : descriptor;
  for (const decorator of [...decorators].reverse()) {
    if (decorator) {
      result = (isMember ? decorator(target, key, result) : decorator(result)) || result;
    }
  }
  if (isMember && result) {
    Object.defineProperty(target, key, result);
  }
  return result;
}
