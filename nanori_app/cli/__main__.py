from nanori_app.cli.group import main

main()
