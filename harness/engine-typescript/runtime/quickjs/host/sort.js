// Sorting as V8 does it, which shows where a comparison contradicts itself: lists by merging the runs that are there, arrays of
// numbers by halves. Evaluated when a handler first sorts with a comparison of its own.
() => {
  'use strict';

  const MIN_GALLOP = 7;

  // What a comparison says of two elements.
  function ordering(compare) {
    return (a, b) => {
      const order = +compare(a, b);
      return order !== order ? 0 : order;
    };
  }

  // The least length of a run: between 32 and 64, so that the number of runs is about a power of two.
  function minRunOf(length) {
    let [rest, isOdd] = [length, 0];
    while (rest >= 64) {
      isOdd |= rest & 1;
      rest >>= 1;
    }
    return rest + isOdd;
  }

  // The length of the run at `low`, which ascends then.
  function countRun(list, low, high, order) {
    if (low + 1 === high) {
      return 1;
    }
    let length = 2;
    let previous = list[low + 1];
    const descends = order(previous, list[low]) < 0;
    for (let place = low + 2; place < high; place += 1) {
      const current = list[place];
      if (order(current, previous) < 0 !== descends) {
        break;
      }
      previous = current;
      length += 1;
    }
    if (descends) {
      for (let [left, right] = [low, low + length - 1]; left < right; left += 1, right -= 1) {
        [list[left], list[right]] = [list[right], list[left]];
      }
    }
    return length;
  }

  // Sorts what is between `low` and `high`, and sorted up to `start`.
  function insert(list, low, start, high, order) {
    for (let place = start === low ? start + 1 : start; place < high; place += 1) {
      const pivot = list[place];
      let [left, right] = [low, place];
      while (left < right) {
        const middle = left + ((right - left) >> 1);
        if (order(pivot, list[middle]) < 0) {
          right = middle;
        } else {
          left = middle + 1;
        }
      }
      list.copyWithin(left + 1, left, place);
      list[left] = pivot;
    }
  }

  // Where `key` belongs among `length` elements from `base`, sought outwards from `hint`: before those that are equal, or behind.
  function gallop(list, key, base, length, hint, isBehind, order) {
    const isBefore = (offset) => (isBehind ? !(order(key, list[base + offset]) < 0) : order(list[base + offset], key) < 0);
    let [last, offset] = [0, 1];
    if (isBefore(hint)) {
      const most = length - hint;
      while (offset < most && isBefore(hint + offset)) {
        [last, offset] = [offset, offset * 2 + 1];
      }
      [last, offset] = [last + hint, Math.min(offset, most) + hint];
    } else {
      const most = hint + 1;
      while (offset < most && !isBefore(hint - offset)) {
        [last, offset] = [offset, offset * 2 + 1];
      }
      [last, offset] = [hint - Math.min(offset, most), hint - last];
    }
    last += 1;
    while (last < offset) {
      const middle = last + ((offset - last) >> 1);
      if (isBefore(middle)) {
        last = middle + 1;
      } else {
        offset = middle;
      }
    }
    return offset;
  }

  function copy(from, fromPlace, to, toPlace, length) {
    const part = from.slice(fromPlace, fromPlace + length);
    for (let place = 0; place < length; place += 1) {
      to[toPlace + place] = part[place];
    }
  }

  // Merges two runs that follow each other, from below; the first one is not the longer.
  function mergeLow(state, lengthA, base, lengthB, baseB) {
    const { list, order } = state;
    const runA = list.slice(base, base + lengthA);
    let [left, right, target] = [0, baseB, base];
    const [a, b] = [() => (list[target++] = runA[left++]), () => (list[target++] = list[right++])];
    const restOfA = () => copy(runA, left, list, target, lengthA);
    const lastOfA = () => {
      copy(list, right, list, target, lengthB);
      list[target + lengthB] = runA[left];
    };
    b();
    lengthB -= 1;
    if (lengthB === 0) {
      return restOfA();
    }
    if (lengthA === 1) {
      return lastOfA();
    }
    let minGallop = state.minGallop;
    for (;;) {
      let [winsA, winsB] = [0, 0];
      for (;;) {
        if (order(list[right], runA[left]) < 0) {
          b();
          [winsA, winsB, lengthB] = [0, winsB + 1, lengthB - 1];
          if (lengthB === 0) {
            return restOfA();
          }
          if (winsB >= minGallop) {
            break;
          }
        } else {
          a();
          [winsA, winsB, lengthA] = [winsA + 1, 0, lengthA - 1];
          if (lengthA === 1) {
            return lastOfA();
          }
          if (winsA >= minGallop) {
            break;
          }
        }
      }
      minGallop += 1;
      for (let isFirst = true; winsA >= MIN_GALLOP || winsB >= MIN_GALLOP || isFirst; isFirst = false) {
        minGallop = Math.max(1, minGallop - 1);
        state.minGallop = minGallop;
        winsA = gallop(runA, list[right], left, lengthA, 0, true, order);
        if (winsA > 0) {
          copy(runA, left, list, target, winsA);
          [target, left, lengthA] = [target + winsA, left + winsA, lengthA - winsA];
          if (lengthA === 1) {
            return lastOfA();
          }
          // Only where the comparison contradicts itself.
          if (lengthA === 0) {
            return restOfA();
          }
        }
        b();
        lengthB -= 1;
        if (lengthB === 0) {
          return restOfA();
        }
        winsB = gallop(list, runA[left], right, lengthB, 0, false, order);
        if (winsB > 0) {
          copy(list, right, list, target, winsB);
          [target, right, lengthB] = [target + winsB, right + winsB, lengthB - winsB];
          if (lengthB === 0) {
            return restOfA();
          }
        }
        a();
        lengthA -= 1;
        if (lengthA === 1) {
          return lastOfA();
        }
      }
      minGallop += 1;
      state.minGallop = minGallop;
    }
  }

  // The same from above; the second run is not the longer.
  function mergeHigh(state, lengthA, base, lengthB, baseB) {
    const { list, order } = state;
    const runB = list.slice(baseB, baseB + lengthB);
    let [left, right, target] = [base + lengthA - 1, lengthB - 1, baseB + lengthB - 1];
    const [a, b] = [() => (list[target--] = list[left--]), () => (list[target--] = runB[right--])];
    const restOfB = () => copy(runB, 0, list, target - (lengthB - 1), lengthB);
    const firstOfB = () => {
      [target, left] = [target - lengthA, left - lengthA];
      copy(list, left + 1, list, target + 1, lengthA);
      list[target] = runB[right];
    };
    a();
    lengthA -= 1;
    if (lengthA === 0) {
      return restOfB();
    }
    if (lengthB === 1) {
      return firstOfB();
    }
    let minGallop = state.minGallop;
    for (;;) {
      let [winsA, winsB] = [0, 0];
      for (;;) {
        if (order(runB[right], list[left]) < 0) {
          a();
          [winsA, winsB, lengthA] = [winsA + 1, 0, lengthA - 1];
          if (lengthA === 0) {
            return restOfB();
          }
          if (winsA >= minGallop) {
            break;
          }
        } else {
          b();
          [winsA, winsB, lengthB] = [0, winsB + 1, lengthB - 1];
          if (lengthB === 1) {
            return firstOfB();
          }
          if (winsB >= minGallop) {
            break;
          }
        }
      }
      minGallop += 1;
      for (let isFirst = true; winsA >= MIN_GALLOP || winsB >= MIN_GALLOP || isFirst; isFirst = false) {
        minGallop = Math.max(1, minGallop - 1);
        state.minGallop = minGallop;
        winsA = lengthA - gallop(list, runB[right], base, lengthA, lengthA - 1, true, order);
        if (winsA > 0) {
          [target, left, lengthA] = [target - winsA, left - winsA, lengthA - winsA];
          copy(list, left + 1, list, target + 1, winsA);
          if (lengthA === 0) {
            return restOfB();
          }
        }
        b();
        lengthB -= 1;
        if (lengthB === 1) {
          return firstOfB();
        }
        winsB = lengthB - gallop(runB, list[left], 0, lengthB, lengthB - 1, false, order);
        if (winsB > 0) {
          [target, right, lengthB] = [target - winsB, right - winsB, lengthB - winsB];
          copy(runB, right + 1, list, target + 1, winsB);
          if (lengthB === 1) {
            return firstOfB();
          }
          // Only where the comparison contradicts itself.
          if (lengthB === 0) {
            return restOfB();
          }
        }
        a();
        lengthA -= 1;
        if (lengthA === 0) {
          return restOfB();
        }
      }
      minGallop += 1;
      state.minGallop = minGallop;
    }
  }

  // Merges a run with the next one.
  function mergeAt(state, place) {
    const { list, order, runs } = state;
    let [{ base, length: lengthA }, { base: baseB, length: lengthB }] = [runs[place], runs[place + 1]];
    runs[place] = { base, length: lengthA + lengthB };
    runs.splice(place + 1, 1);
    // What is in its place already stays there.
    const kept = gallop(list, list[baseB], base, lengthA, 0, true, order);
    [base, lengthA] = [base + kept, lengthA - kept];
    if (lengthA === 0) {
      return;
    }
    lengthB = gallop(list, list[base + lengthA - 1], baseB, lengthB, lengthB - 1, false, order);
    if (lengthB > 0) {
      (lengthA <= lengthB ? mergeLow : mergeHigh)(state, lengthA, base, lengthB, baseB);
    }
  }

  // Merges until each run is longer than the next two together.
  function collapse(state) {
    const { runs } = state;
    const length = (place) => runs[place].length;
    const holds = (place) => place < 2 || length(place - 2) > length(place - 1) + length(place);
    while (runs.length > 1) {
      let place = runs.length - 2;
      if (!holds(place + 1) || !holds(place)) {
        place -= length(place - 1) < length(place + 1) ? 1 : 0;
      } else if (length(place) > length(place + 1)) {
        return;
      }
      mergeAt(state, place);
    }
  }

  // Sorts a list without holes in place.
  function sortList(list, compare) {
    const order = ordering(compare);
    const state = { list, order, runs: [], minGallop: MIN_GALLOP };
    const minRun = minRunOf(list.length);
    for (let low = 0; low < list.length; ) {
      const rest = list.length - low;
      let length = countRun(list, low, list.length, order);
      if (length < minRun) {
        const forced = Math.min(minRun, rest);
        insert(list, low, low + length, low + forced, order);
        length = forced;
      }
      state.runs.push({ base: low, length });
      collapse(state);
      low += length;
    }
    while (state.runs.length > 1) {
      const place = state.runs.length - 2;
      const isShort = place > 0 && state.runs[place - 1].length < state.runs[place + 1].length;
      mergeAt(state, isShort ? place - 1 : place);
    }
    return list;
  }

  // Sorts `target`, which holds the same as `source`.
  function sortHalves(source, from, to, target, order) {
    const middle = from + ((to - from) >> 1);
    if (middle - from > 1) {
      sortHalves(target, from, middle, source, order);
    }
    if (to - middle > 1) {
      sortHalves(target, middle, to, source, order);
    }
    let [left, right] = [from, middle];
    for (let place = from; place < to; place += 1) {
      const isLeft = left < middle && (right >= to || order(source[left], source[right]) <= 0);
      target[place] = isLeft ? source[left++] : source[right++];
    }
  }

  function sortNumbers(list, compare) {
    sortHalves([...list], 0, list.length, list, ordering(compare));
    return list;
  }

  return { sortList, sortNumbers };
};
