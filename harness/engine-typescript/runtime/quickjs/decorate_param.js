// What a decorator before a parameter becomes (`experimentalDecorators`).

export default function decorateParam(place, decorator) {
  return (target, key) => decorator(target, key, place);
}
