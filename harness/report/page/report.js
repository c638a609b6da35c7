'use strict';
(() => {
  const all = [...document.querySelectorAll('details.divergence')];
  const groups = [...document.querySelectorAll('.group')];
  const [search, grade, engine, handler, shown] =
    ['search', 'grade', 'engine', 'handler', 'shown'].map((id) => document.getElementById(id));
  if (search === null) return;
  const texts = all.map((found) => found.firstElementChild.textContent.toLowerCase());

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    all.forEach((found, index) => {
      const { grade: its, engines, handler: name } = found.dataset;
      const fits = words.every((word) => texts[index].includes(word))
        && (grade.value === '' || grade.value === its)
        && (engine.value === '' || engines.split(' ').includes(engine.value))
        && (handler.value === '' || handler.value === name);
      found.hidden = !fits;
      count += fits ? 1 : 0;
    });
    for (const group of groups) group.hidden = group.querySelector('details:not([hidden])') === null;
    shown.textContent = count === all.length ? `${count} divergences` : `${count} of ${all.length} divergences`;
  };
  for (const control of [search, grade, engine, handler]) control.addEventListener('input', filter);
  document.getElementById('filters').addEventListener('submit', (event) => event.preventDefault());

  const copy = async (button) => {
    const text = button.nextElementSibling;
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(text);
      button.textContent = 'Selected';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  };
  document.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.matches('button.copy')) copy(event.target);
  });

  const move = (step) => {
    const visible = all.filter((found) => !found.hidden);
    const at = visible.findIndex((found) => found.contains(document.activeElement));
    const next = visible[at < 0 ? (step > 0 ? 0 : visible.length - 1) : at + step];
    if (next) next.firstElementChild.focus();
  };
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof Element && event.target.matches('input, select, textarea');
    if (event.key === 'Escape' && isTyping) event.target.blur();
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/') { event.preventDefault(); search.focus(); }
    if (event.key === 'j') move(1);
    if (event.key === 'k') move(-1);
    if (event.key === 'c') {
      const found = all.find((one) => one.open && one.contains(document.activeElement));
      if (found) copy(found.querySelector('button.copy'));
    }
  });

  const named = () => {
    const found = /^#d\d+$/.test(location.hash) ? document.getElementById(location.hash.slice(1)) : null;
    if (found instanceof HTMLDetailsElement) found.open = true;
  };
  addEventListener('hashchange', named);
  named();
  filter();
})();
