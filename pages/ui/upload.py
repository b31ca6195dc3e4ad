"""The drop area for documents. Files go from the browser to our route, never through Streamlit.

Streamlit's own uploader keeps each file in memory; this one streams it to disk and shows progress.
"""

import streamlit as st

UPLOAD_ADDRESS = "/documents/upload"

_HTML = """
<div class="upload">
  <div class="zone">
    <p class="invitation">Drop files here, or</p>
    <input id="files" type="file" multiple aria-describedby="limit">
    <label for="files">Choose files</label>
    <p id="limit"></p>
  </div>
  <ul aria-label="Uploads" aria-live="polite"></ul>
</div>
"""

_STYLE = """
.upload { font-family: var(--st-font); color: var(--st-text-color); font-size: 1rem; }
.zone {
  border: 1.5px dashed var(--st-border-color); border-radius: var(--st-base-radius);
  background: var(--st-secondary-background-color); padding: 1.25rem 1rem; text-align: center;
}
.zone.over { border-color: var(--st-primary-color); border-style: solid; }
p { margin: 0; }
#limit { margin-top: .6rem; font-size: .875rem; }
.invitation { margin-bottom: .6rem; }
input { position: absolute; width: 1px; height: 1px; opacity: 0; }
label {
  display: inline-block; padding: .5rem 1rem; border-radius: var(--st-button-radius);
  font-size: .875rem; font-weight: 500; cursor: pointer;
  background: var(--st-primary-color); color: light-dark(#ffffff, #0b1222);
}
label:hover { filter: brightness(.93); }
input:focus-visible + label { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
ul { list-style: none; margin: .5rem 0 0; padding: 0; }
li { padding: .4rem 0; display: grid; grid-template-columns: 1fr auto; gap: 0 .75rem; }
.name { overflow-wrap: anywhere; }
.size { font-size: .875rem; white-space: nowrap; }
progress { grid-column: 1 / -1; width: 100%; height: .5rem; accent-color: var(--st-primary-color); }
.said { grid-column: 1 / -1; font-size: .875rem; }
li.refused .said { color: var(--st-red-text-color); }
li.kept .said { color: var(--st-green-text-color); }
"""

_SCRIPT = """
const shelves = new WeakMap()

function sizeWords(bytes) {
  let size = bytes
  for (const unit of ["bytes", "KB", "MB"]) {
    if (size < 1024) return `${size.toFixed(unit === "bytes" ? 0 : 1)} ${unit}`
    size /= 1024
  }
  return `${size.toFixed(1)} GB`
}

function addPart(row, tag, className, text) {
  const part = document.createElement(tag)
  part.className = className
  part.textContent = text
  row.append(part)
  return part
}

function addRow(list, file) {
  const row = document.createElement("li")
  addPart(row, "span", "name", file.name)
  addPart(row, "span", "size", sizeWords(file.size))
  const bar = addPart(row, "progress", "", "")
  bar.max = 100
  bar.value = 0
  bar.setAttribute("aria-label", `Upload of ${file.name}`)
  const said = addPart(row, "span", "said", "Waiting")
  list.prepend(row)
  const end = (kind, sentence) => {
    bar.remove()
    row.className = kind
    said.textContent = sentence
  }
  return {
    move: (share) => {
      bar.value = share * 100
      said.textContent = share < 1 ? `${Math.floor(share * 100)} %` : "Saving"
    },
    keep: () => end("kept", "Added"),
    refuse: (sentence) => end("refused", sentence),
  }
}

function readAnswer(request) {
  try {
    return JSON.parse(request.responseText) || {}
  } catch {
    return {}
  }
}

function send(shelf, { file, row, workspace }) {
  const request = new XMLHttpRequest()
  const words = new URLSearchParams({ workspace, name: file.name })
  const done = () => {
    shelf.busy = false
    next(shelf)
  }
  request.open("POST", `${shelf.data.address}?${words}`)
  request.setRequestHeader("Content-Type", "application/octet-stream")
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) row.move(event.loaded / event.total)
  }
  request.onload = () => {
    const answer = readAnswer(request)
    if (request.status === 201) {
      row.keep()
      shelf.report({ document_id: answer.document_id, name: answer.name })
    } else {
      row.refuse(answer.error || shelf.data.failed)
    }
    done()
  }
  request.onerror = () => {
    row.refuse(shelf.data.interrupted)
    done()
  }
  request.send(file)
}

function next(shelf) {
  if (shelf.busy || shelf.queue.length === 0) return
  shelf.busy = true
  send(shelf, shelf.queue.shift())
}

function take(shelf, list, files) {
  for (const file of files) {
    const row = addRow(list, file)
    if (file.size === 0) row.refuse(shelf.data.empty)
    else if (file.size > shelf.data.limit) row.refuse(shelf.data.tooLarge)
    else shelf.queue.push({ file, row, workspace: shelf.data.workspace })
  }
  next(shelf)
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const zone = parentElement.querySelector(".zone")
  const input = parentElement.querySelector("input")
  const list = parentElement.querySelector("ul")
  const shelf = shelves.get(parentElement) || { queue: [], busy: false }
  shelves.set(parentElement, shelf)
  shelf.data = data
  shelf.report = (kept) => setTriggerValue("uploaded", kept)
  parentElement.querySelector("#limit").textContent = data.hint
  input.onchange = () => {
    take(shelf, list, Array.from(input.files))
    input.value = ""
  }
  zone.ondragover = (event) => {
    event.preventDefault()
    zone.classList.add("over")
  }
  zone.ondragleave = () => zone.classList.remove("over")
  zone.ondrop = (event) => {
    event.preventDefault()
    zone.classList.remove("over")
    take(shelf, list, Array.from(event.dataTransfer.files))
  }
}
"""

_drop_area = st.components.v2.component("gatebook_upload", html=_HTML, css=_STYLE, js=_SCRIPT)


def show_upload(workspace_id: int, *, limit_bytes: int, limit_words: str) -> None:
    """A drop area whose files become documents of this workspace; the page reruns after each."""
    _drop_area(
        key="documents_upload",
        data={
            "address": UPLOAD_ADDRESS,
            "workspace": str(workspace_id),
            "limit": limit_bytes,
            "hint": f"Up to {limit_words} each. PDF, images, text and Markdown open in the page; "
            "anything else is a download.",
            "empty": "This file is empty. Choose one with content.",
            "tooLarge": f"This file is larger than {limit_words}. Choose a smaller one.",
            "failed": "The file could not be saved. Upload it again.",
            "interrupted": "The upload was interrupted. Check the connection and upload it again.",
        },
        on_uploaded_change=_accept_upload,
    )


def _accept_upload() -> None:
    """Do nothing: the route has stored the document; a callback makes the trigger rerun us."""
