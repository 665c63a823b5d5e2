"""What several extractors and the sniffer read: zip manifests, OLE directories, XML, plain words."""
