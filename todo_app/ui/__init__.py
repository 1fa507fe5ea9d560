"""The pages: Reflex states and components. A folder per page; what several share lies here and in `components/`."""
