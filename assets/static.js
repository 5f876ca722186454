// One component for everything on a page that is plain: nested lists [tag, properties, child, ...] become elements.
// Text stays text, and an address that would run a script is emptied, as Dash's own components do.
"use strict";
(function () {
  const { createElement, Fragment } = window.React;

  function clean(address) {
    return window.dash_clientside && window.dash_clientside.clean_url
      ? window.dash_clientside.clean_url(address)
      : address;
  }

  function build(node) {
    if (!Array.isArray(node)) {
      return node;
    }
    const [tag, given, ...children] = node;
    const props = { ...given };
    if (props.href !== undefined) {
      props.href = clean(props.href);
    }
    // A place that a script fills is made anew when what it shows changes; React does not know what stands in it.
    const content = props["data-table"];
    if (content !== undefined) {
      props.key = content;
    }
    return createElement(tag, props, ...children.map(build));
  }

  function Static(props) {
    return createElement(Fragment, null, ...props.nodes.map(build));
  }

  window.vigie_html = { Static };
})();
