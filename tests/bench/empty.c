/* The least a C program can cost: the yardstick for start-up. */
int
main(void)
{
	return 0;
}
